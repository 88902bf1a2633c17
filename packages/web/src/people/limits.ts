/** Of names, as core/base/text.ts has it: the node judges, the field only keeps from typing more. */
export const nameMax = 64;
