/** Neither part holds a key, token, chat id or address. */
export interface ChannelProblem {
  readonly detail: string;
  readonly remedy: string;
}

/**
 * How a service can answer, one kind for each way to go on. `whose`: what the account is refused or has to wait for
 * concerns everybody on the channel, what the user is, only that user's address. Instants in ms since 1970.
 */
export type SendOutcome =
  /** `receipt`: of an urgent notification that rings until somebody acknowledges it. */
  | { readonly kind: 'accepted'; readonly receipt: string | undefined }
  /** Never the same again soon. `isGone`: this address never again, until the secret holds another. */
  | {
      readonly kind: 'rejected';
      readonly whose: 'account' | 'user' | 'message';
      readonly isGone: boolean;
      readonly problem: ChannelProblem;
    }
  /** It may have arrived. `until`: the service asks not to be called before. */
  | { readonly kind: 'unknown'; readonly until: number | undefined; readonly problem: ChannelProblem }
  | {
      readonly kind: 'rate-limited';
      readonly whose: 'account' | 'user';
      readonly until: number;
      /** Of the account that was used, where that is known: another one need not wait. */
      readonly accountFingerprint?: string;
      readonly problem: ChannelProblem;
    }
  | {
      readonly kind: 'quota-exceeded';
      readonly whose: 'account' | 'user';
      readonly resetsAt: number | undefined;
      readonly accountFingerprint?: string;
      readonly problem: ChannelProblem;
    };

/** What became of an urgent notification that rings until somebody acknowledges it. */
export type ReceiptState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'acknowledged'; readonly at: number | undefined }
  /** It rang to its end, or nobody knows of it any more. */
  | { readonly kind: 'expired' }
  /** Nothing can be said now. */
  | { readonly kind: 'unknown'; readonly problem: ChannelProblem };

export type SendFailure = Exclude<SendOutcome, { kind: 'accepted' }>;

/** The notification may have arrived only where the outcome is unknown; then nothing can be mended either. */
export const failureText = ({ kind, problem: { detail, remedy } }: SendFailure): string =>
  remedy === '' || kind === 'unknown' || kind === 'rate-limited' ? detail : `${detail}; ${remedy}`;

/** The wait is that of the whole channel, and stands in the checkpoint. */
export const isAccountWait = (outcome: SendFailure): boolean =>
  (outcome.kind === 'quota-exceeded' || outcome.kind === 'rate-limited') && outcome.whose === 'account';
