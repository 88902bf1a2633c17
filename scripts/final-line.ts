/** The line that ends `npm test` and `npm run test:long`, alone and in one form, so that a machine can read it. */
export function finalLine(passed: number, failed: number, skipped: number): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
