/** The beginning of a person id after its prefix, in two groups: enough to tell two people of one name apart, no proof. */
export function shortId(id: string): string {
  const body = id.replace(/^kith1/, '');
  return `${body.slice(0, 4)} ${body.slice(4, 8)}`;
}
