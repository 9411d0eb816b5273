import { RequestError } from '../http/request-error.ts';

/** A page of the sponsor portal was asked for by somebody who is not signed in. */
export class SignInNeededError extends RequestError {
  constructor() {
    super(401, 'portal.sign-in-needed', 'nobody is signed in', 'Sign in.');
  }
}
