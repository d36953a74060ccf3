/**
 * Kubernetes reads patterns as RE2, this process as ECMAScript. Why a pattern does not mean the same in both; undefined
 * when it does.
 */
export function patternProblem(pattern: string): string | undefined {
  try {
    void new RegExp(pattern, 'u');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return /\(\?[=!<]|\\[1-9]|\(\?[a-zA-Z]/.test(pattern) ? 'look-around, back references and flags are not the same in RE2' : undefined;
}
