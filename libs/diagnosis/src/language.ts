/** Languages of explanations. GUI labels, cmdlets and protocol texts are the product's own in all of them: English. */
export const LANGUAGES = ['en', 'de', 'es'] as const;

export type Language = (typeof LANGUAGES)[number];

/** One text in each language. */
export type Translated = Readonly<Record<Language, string>>;
