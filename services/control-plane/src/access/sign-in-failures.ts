/** How many sign-ins may fail at once, and how many more with each second. */
const burst = 20;
const perSecond = 0.5;

export interface SignInFailures {
  /** Counts one. @returns whether it is one too many */
  count(): boolean;
}

/**
 * A credential has 256 random bits: guessing is hopeless however fast, and what is limited is the noise. So one that is right is never refused,
 * and nobody can lock the administrator out by failing on purpose.
 */
export function createSignInFailures(now: () => Date): SignInFailures {
  let left = burst;
  let at = now().getTime();
  return {
    count: () => {
      const time = now().getTime();
      left = Math.min(burst, left + (Math.max(0, time - at) / 1000) * perSecond);
      at = time;
      if (left < 1) return true;
      left -= 1;
      return false;
    },
  };
}
