/** Events in which somebody says who they are: what they show of that, and what not. */

/** Calls that ask who somebody is: whom the record names is what was typed or sent, and is shown by success only. */
export const AUTHENTICATION = [
  'ConsoleLogin',
  'CheckMfa',
  'CredentialVerification',
  'UserAuthentication',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
] as const;
/**
 * Whoever knows a name or an address can set these off (AWS Sign-In, "PasswordRecoveryRequested"; Identity Center User Guide, "Sign-in
 * events": CredentialChallenge asks for a password or a code).
 */
export const ASKING = ['PasswordRecoveryRequested', 'CredentialChallenge'] as const;
