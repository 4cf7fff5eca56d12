/** By what the sessions of a role, a user or root can be ended at all: not every identity can be given the policy that cuts older sessions. */
import type { CredentialKind, RevokeMeans } from '../../shared/lineage.ts';

/**
 * - Service-linked roles: "You cannot revoke the session for a service-linked role" (IAM User Guide, "Revoke IAM role temporary security
 *   credentials"; the same page: roles that Identity Center made cannot be edited in IAM).
 * - Identity Center: IAM Identity Center User Guide, "Revoke active IAM role sessions created by permission sets".
 * - Root: identity policies do not reach it, service control policies do in member accounts (Organizations User Guide, "Service control
 *   policies"). AssumeRoot: at most 900 seconds (STS API reference, AssumeRoot, DurationSeconds).
 * - Federated users have the policies of the IAM user that called GetFederationToken (IAM User Guide, "Disabling permissions for temporary
 *   security credentials").
 */
export function meansOf(kind: CredentialKind, arn: string): RevokeMeans {
  if (kind === 'assume-root') return 'assume-root';
  if (arn.startsWith('arn:') && arn.endsWith(':root')) return 'root';
  if (arn.includes('/aws-service-role/') || /[/:]AWSServiceRoleFor/.test(arn)) return 'service-linked';
  if (arn.includes('/AWSReservedSSO_')) return 'identity-center';
  return arn.includes(':federated-user/') ? 'federation' : 'policy';
}

/** What works instead of the policy; `who` names those whose sessions they are. */
export const MEANS_TEXT: Record<Exclude<RevokeMeans, 'policy'>, (who: string) => string> = {
  'assume-root': (who) =>
    `${who}: a session of AssumeRoot cannot be ended by an IAM policy, and lasts at most 15 minutes. Take sts:AssumeRoot from whoever called it in the management account; a service control policy on the account limits what is left.`,
  root: (who) =>
    `${who}: IAM cannot give root a policy. In a member account a service control policy that denies root ends what it can do; in the management account none reaches it. Change the password and the MFA device, delete root's access keys.`,
  'identity-center': (who) =>
    `${who}: Identity Center manages the role, and IAM cannot write a policy into it. Remove the user's assignments and delete the user's sessions in Identity Center, so that no new one begins; what runs is ended by a service control policy that denies the user (identitystore:UserId), else by its expiry.`,
  'service-linked': (who) =>
    `${who}: sessions of a service-linked role cannot be revoked, and its policies not be edited. Only the service can use it: stop what makes the service act.`,
  federation: (who) =>
    `${who}: a federated user has the permissions of the IAM user that called GetFederationToken. Deny that user everything with aws:TokenIssueTime before the time of the session.`,
};
