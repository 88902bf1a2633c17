import type { errors as english } from '../en/errors.ts';

export const errors: Record<keyof typeof english, string> = {
  'error.no-node': 'Kith läuft gerade nicht. Die App verbindet sich von selbst wieder.',
  'error.usage': 'Das hat Kith nicht verstanden. Prüfe, was du eingegeben hast.',
  'error.unknown-contact': 'Diese Person ist nicht mehr unter deinen Kontakten.',
  'error.unknown-conversation': 'Diese Unterhaltung gibt es auf diesem Gerät nicht.',
  'error.unknown-message': 'Diese Nachricht gibt es auf diesem Gerät nicht mehr.',
  'error.ambiguous': 'Mehrere Kontakte heißen so. Öffne den, den du meinst.',
  'error.bad-card':
    'Diese Karte ist beschädigt oder unvollständig. Kopiere sie noch einmal, vom ersten bis zum letzten Zeichen.',
  'error.card-expired': 'Diese Karte ist abgelaufen. Bitte um eine neue.',
  'error.own-card': 'Das ist deine eigene Karte. Gib sie jemand anderem.',
  'error.newer-format':
    'Das stammt von einer neueren Version von Kith. Aktualisiere Kith und versuche es noch einmal.',
  'error.not-requested': 'Von dieser Person gibt es keine Anfrage, die du beantworten könntest.',
  'error.blocked': 'Du hast diese Person blockiert. Hebe das zuerst auf.',
  'error.key-changed': 'Ihr Schlüssel hat sich geändert. Vergleicht eure Nummern, bevor du schreibst.',
  'error.number-mismatch':
    'Die Nummern sind verschieden. Vielleicht steht jemand zwischen euch. Nichts wurde als bestätigt vermerkt.',
  'error.message-empty': 'Da ist noch nichts zu senden.',
  'error.message-too-long': 'Das ist länger, als eine Nachricht sein kann. Sende es in Teilen.',
  'error.message-control':
    'Der Text enthält Zeichen, die sich nicht senden lassen. Entferne sie und versuche es noch einmal.',
  'error.message-deleted': 'Diese Nachricht wurde gelöscht.',
  'error.not-own': 'Nur wer sie geschrieben hat, kann sie für alle ändern.',
  'error.bad-emoji': 'Eine Reaktion ist ein einzelnes Emoji.',
  'error.wrong-pin': 'Diese PIN ist falsch.',
  'error.bad-name': 'Ein Name hat 1 bis 64 Zeichen.',
  'error.full': 'Es wartet schon zu viel. Versuche es noch einmal, wenn etwas davon angekommen ist.',
  'error.timeout': 'Das hat zu lange gedauert. Was gespeichert wurde, bleibt gespeichert.',
  'error.expired': 'Die Frist dieser Nachricht endete, bevor sie ankam.',
  'error.failed': 'Diese Nachricht konnte nicht zugestellt werden.',
  'error.profile-in-use': 'Kith läuft mit diesem Profil bereits.',
  'error.wrong-key':
    'Mit dem Schlüssel auf diesem Gerät lässt sich das Profil nicht öffnen. Nichts wurde geändert.',
  'error.corrupt':
    'Die Dateien dieses Profils sind beschädigt. Nichts wurde geändert. Bewahre sie auf und stelle eine Kopie wieder her, wenn du eine hast.',
  'error.newer-schema':
    'Dieses Profil wurde von einer neueren Version von Kith geschrieben. Aktualisiere Kith und versuche es noch einmal.',
  'error.disk-full':
    'Der Speicher ist voll. Nichts ging verloren. Schaffe etwas Platz und versuche es noch einmal.',
  'error.disk-failed':
    'Der Speicher hat das Schreiben verweigert. Versuche es noch einmal; wenn es so bleibt, sieh nach dem Datenträger.',
  'error.port-in-use': 'Ein anderes Programm belegt die Stelle, an der Kith lauscht.',
  'error.bad-address': 'Mit dieser Adresse kann Kith nichts anfangen.',
  'error.unauthorised': 'Dieser Browser ist nicht angemeldet.',
  'error.busy': 'Kith hat gerade viel zu tun. Warte einen Moment und versuche es noch einmal.',
  'error.internal': 'In Kith ist etwas schiefgegangen. Versuche es gleich noch einmal.',
};
