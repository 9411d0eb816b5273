export { OauthTokenCache, type OauthTokenCacheOptions } from './oauth-token-cache.ts';
export type { TokenOutcome, TokenRefusal, TokenRequest } from './token-outcome.ts';
