/** What stands in a filled profile: names and texts of many kinds, the same in every run. */

const names = [
  'Ben', 'Chidi Okafor', 'Dana', 'Эльвира', 'Fatima Zahra', 'גיל', 'Hana 花', 'Ines', 'João', 'Kjærsti', 'Li Wei', 'Mira',
  'Noor', 'Ōtani', 'Priya', 'Quentin', 'Rosa', 'سمير', 'Tomás', 'Uma', 'Veronika', 'Wanda', 'Xenia', 'Yusuf', 'Zoë',
]; // prettier-ignore

const sentences = [
  'Are you coming tonight?',
  'Yes, around eight. Shall I bring something?',
  'Bread, if you pass the bakery.',
  'The harbour is closed until Monday, they say it is the storm.',
  'I found the old map in the attic. It shows the path behind the mill.',
  'Schau mal hier: https://example.org/karte?blatt=12 – Größe stimmt, oder?',
  'Das Café am Fluss hat wieder geöffnet ☕',
  'אני מגיע בשעה שמונה, נתראה שם',
  'مرحبا، هل وصلت الرسالة؟',
  '明日の天気はどうですか。傘を持って行きます。',
  '👍',
  '😀🎉',
  'ok',
  'First line of a longer thought.\n\nSecond paragraph, since some things need room: we should talk about the boat, the mooring and who pays for both.',
  '`npm start` did it. The rest is in README.md.',
  '- milk\n- eggs\n- a new rope for the dinghy',
  'One more thing: **do not** forget the key.',
  'I will call you when the train leaves. It may be late; the line along the coast has been under repair since spring, and nobody knows for how long.',
];

export function nameOf(index: number): string {
  const name = names[index % names.length]!;
  const round = Math.floor(index / names.length);
  return round === 0 ? name : `${name} ${round + 1}`;
}

/** Every hundredth is long; each names its number, so that a search finds the one. */
export function textOf(number: number): string {
  const sentence = sentences[(number * 7 + Math.floor(number / 11)) % sentences.length]!;
  if (number % 100 === 99) return `${sentence} `.repeat(12).trim();
  return number % 5 === 0 ? `${sentence} (#${number})` : sentence;
}
