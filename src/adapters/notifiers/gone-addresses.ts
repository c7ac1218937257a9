/** Where fingerprints of addresses are kept beyond this process. Nothing of an address can be read from one. */
export interface KeptFingerprints {
  has(fingerprint: string): Promise<boolean>;
  add(fingerprint: string): Promise<void>;
}

export interface GoneAddresses {
  isGone(fingerprint: string): Promise<boolean>;
  note(fingerprint: string): Promise<void>;
}

/**
 * Addresses that said they are gone, and are never to be called again. Where what is kept cannot be asked or written,
 * which `onProblem` is told, the message goes out: a call too many is better than a message too few.
 */
export function createGoneAddresses(
  known: Set<string>,
  kept: KeptFingerprints | undefined,
  onProblem: (error: unknown) => void,
): GoneAddresses {
  const asked = new Set<string>();
  return {
    async isGone(fingerprint) {
      if (known.has(fingerprint)) return true;
      if (kept === undefined || asked.has(fingerprint)) return false;
      try {
        const isKept = await kept.has(fingerprint);
        asked.add(fingerprint);
        if (isKept) known.add(fingerprint);
        return isKept;
      } catch (error) {
        onProblem(error);
        return false;
      }
    },
    async note(fingerprint) {
      known.add(fingerprint);
      try {
        await kept?.add(fingerprint);
      } catch (error) {
        onProblem(error);
      }
    },
  };
}
