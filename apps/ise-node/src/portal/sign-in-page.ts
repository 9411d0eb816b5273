import type { FormPage } from './form-page.ts';
import type { Words } from './words.ts';

export function signInPage(words: Words, rest: Pick<FormPage, 'action' | 'links'>): FormPage {
  return {
    title: words.signIn,
    groups: [
      {
        fields: [
          { name: 'username', label: words.username, autocomplete: 'username', required: true },
          {
            name: 'password',
            label: words.password,
            type: 'password',
            autocomplete: 'current-password',
            required: true,
          },
        ],
      },
    ],
    submit: words.signIn,
    ...rest,
  };
}
