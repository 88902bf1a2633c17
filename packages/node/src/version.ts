/** The version of this program. */
export const kithVersion = '0.1.0';
