import type { people as english } from '../en/people.ts';

export const people: Record<keyof typeof english, string> = {
  'person.blocked': '{name} ist blockiert',
  'person.block': 'Blockieren',
  'person.block.name': '{name} blockieren',
  'person.unblock': 'Blockierung aufheben',
  'person.message': 'Schreiben',
  'person.claims': 'Nennt sich {name}',
  'person.requested': 'Du hast um eine Verbindung gebeten',
  'person.incoming': 'Möchte dich erreichen',
  'person.is-blocked': 'Blockiert. Nichts, was diese Person sendet, kommt an.',
  'person.reachable': 'Jetzt erreichbar',
  'person.seen': 'Zuletzt erreichbar {ago}',
  'person.never-seen': 'Noch nicht erreicht',
  'person.id': 'Identität',
  'person.id.text':
    'Bleibt gleich, solange diese Person ihr Profil behält. Namen lassen sich nachmachen; das hier nicht.',
  'person.rename': 'Namen ändern',
  'person.rename.text': 'Nur du siehst diesen Namen.',
  'person.rename.name': 'Name',
  'person.remove': 'Aus den Kontakten entfernen',
  'person.remove.title': '{name} entfernen?',
  'person.remove.text':
    'Ihr könnt euch nicht mehr schreiben, bis ihr wieder Karten austauscht. Was ihr geschrieben habt, bleibt auf diesem Gerät.',
  'person.remove.act': 'Entfernen',
  'person.removed': '{name} ist entfernt',

  'name.characters':
    'Ein Name kann keine Zeichen haben, die unsichtbar sind, die Schreibrichtung ändern oder sich auftürmen.',

  'requests.none.title': 'Keine Anfragen',
  'requests.none.text':
    'Wenn jemand, den du noch nicht kennst, deine Karte hinzufügt, wartet die Anfrage hier, bis du entscheidest.',
  'requests.text':
    'Diese Menschen haben deine Karte und möchten dich erreichen. Sie sehen nichts von dir, bis du annimmst, und erfahren nicht, wenn du es nicht tust.',
  'requests.unverified': 'Nennt sich so; nichts ist bestätigt.',
  'requests.accept': 'Annehmen',
  'requests.accepted': '{name} kann dir jetzt schreiben',
  'requests.delete': 'Löschen',
  'requests.deleted': 'Die Anfrage von {name} ist gelöscht',

  'add.text': 'Lass dir die Karte auf einem Weg geben, den nur ihr beide lest, und füge sie hier ein.',
  'add.paste': 'Die Karte der anderen Person',
  'add.placeholder': 'mesh://add?p=…',
  'add.no-card': 'Das ist keine Karte. Eine Karte beginnt mit mesh://add',
  'add.cut':
    'Hier ist nur der Anfang einer Karte. Kopiere sie noch einmal, vom ersten bis zum letzten Zeichen.',
  'add.scan': 'Mit der Kamera lesen',
  'add.scan.text': 'Halte den Code der anderen Person in den Rahmen. Das Bild verlässt diese Seite nicht.',
  'add.scan.other': 'Das ist ein Code, aber keine Karte.',
  'add.once': 'Verbindet euch sofort',
  'add.asks': 'Die andere Person entscheidet, ob sie dich einlässt',
  'add.valid': 'Gültig bis {date}',
  'add.name': 'Wie nennst du diese Person?',
  'add.name.help': 'Das siehst nur du. Lass es leer, um den Namen zu nehmen, den sie sich selbst gibt.',
  'add.fingerprint': 'Fingerabdruck dieser Karte',
  'add.add': 'Hinzufügen',
  'add.known': '{name} ist schon unter deinen Kontakten.',
  'add.known.open': 'Zur Seite der Person',
  'added.meanwhile':
    'Du kannst diese Seite schließen; es geht von selbst weiter. Was du jetzt schreibst, ist gespeichert und geht hinaus, sobald ihr verbunden seid.',
  'added.connected': 'Was ihr schreibt, lest nur ihr beide.',
  'added.write': '{name} schreiben',
  'added.another': 'Noch jemanden hinzufügen',
  'reach.asked.text': 'Das andere Gerät hat deine Anfrage. Jetzt ist die andere Person am Zug.',

  'nearby.title': 'In deiner Nähe',
  'nearby.text': 'In diesem lokalen Netz. Die Namen sind die, die sich die Menschen selbst geben.',
  'nearby.none': 'In diesem lokalen Netz zeigt sich gerade niemand.',
  'nearby.unverified': 'Nicht bestätigt',
  'nearby.add': '{name} hinzufügen',
  'nearby.visible': 'In meinem lokalen Netz für andere sichtbar sein',

  'card.kind': 'Für wen die Karte ist',
  'card.once': 'Für einen Menschen',
  'card.open': 'Für alle',
  'card.once.text':
    'Wer sie zuerst benutzt, ist sofort mit dir verbunden. Gib sie auf einem Weg weiter, den nur diese Person liest.',
  'card.open.text': 'Für so viele, wie du willst. Sie warten in deinen Anfragen, bis du annimmst.',
  'card.code': 'Deine Karte als Code zum Lesen',
  'card.copy': 'Meine Karte kopieren',
  'card.share': 'Teilen',
  'card.new': 'Neue Karte machen',
  'card.valid': 'Gültig bis {date}',

  'scan.video': 'Was die Kamera sieht',
  'scan.trouble.no-camera': 'Hier gibt es keine Kamera. Füge stattdessen den Text ein.',
  'scan.trouble.denied':
    'Diese Seite darf die Kamera nicht benutzen. Erlaube es in der Adresszeile des Browsers, oder füge stattdessen den Text ein.',
  'scan.trouble.busy': 'Ein anderes Programm benutzt die Kamera. Schließe es und versuche es noch einmal.',

  'key.title': 'Der Schlüssel von {name} hat sich geändert',
  'key.text':
    'Das geschieht, wenn jemand Kith neu einrichtet. Es sähe aber auch so aus, wenn jemand zwischen euch stünde. Frage {name} auf einem anderen Weg, persönlich oder am Telefon, und vergleicht eure Nummern. Bis dahin wird nichts gesendet.',
  'key.compare': 'Nummern vergleichen',

  'verify.title': '{name} bestätigen',
  'verify.text':
    'Trefft euch, oder ruft euch an, und vergleicht. Steht auf beiden Bildschirmen dasselbe, ist niemand zwischen dir und {name}.',
  'verify.ways': 'Wie ihr vergleicht',
  'verify.by-number': 'Mit der Nummer',
  'verify.by-camera': 'Mit der Kamera',
  'verify.number.text':
    'Lest euch die Gruppen abwechselnd vor. Wenn alles gut ist, seht ihr beide dieselbe Nummer.',
  'verify.same': 'Sie sind gleich',
  'verify.different': 'Sie sind verschieden',
  'verify.camera.text':
    'Lies den Code vom anderen Bildschirm, und lass dann {name} diesen hier lesen. Jedes Gerät glaubt nur, was es selbst gesehen hat.',
  'verify.code': 'Code für die andere Kamera',
  'verify.scan': 'Den anderen Code lesen',
  'verify.scan.text':
    'Auf dem Bildschirm von {name}: Bestätigen, Mit der Kamera. Halte jenen Code in den Rahmen.',
  'verify.scan.other': 'Das ist ein Code, aber keiner zum Vergleichen.',
  'verify.done': 'Bestätigt',
  'verify.done.text':
    'Du hast mit {name} verglichen. Ändert sich der Schlüssel je, erfährst du es, bevor etwas gesendet wird.',
  'verify.not-yet': 'Noch nicht bestätigt',
  'verify.not-yet.text': 'Vergleiche einmal mit {name}, um sicher zu sein, dass niemand zwischen euch ist.',
  'verify.start': 'Bestätigen',
  'verify.show': 'Zeigen',
  'verify.back': 'Zur Unterhaltung',
  'verify.take-back': 'Zurücknehmen',
  'verify.differs': 'Die Nummern sind verschieden',
  'verify.differs.text':
    'Prüft, ob ihr beide auf der Seite der richtigen Person seid. Sind sie dann noch verschieden, steht vielleicht jemand zwischen euch: Sende {name} nichts Vertrauliches, und tauscht persönlich neue Karten aus.',
  'verify.again': 'Noch einmal vergleichen',

  'person.mute.title': 'Mitteilungen',
  'person.mute.off': 'Du erfährst von neuen Nachrichten',
  'person.mute.on': 'Stumm, bis du es änderst',
  'person.mute.until': 'Stumm bis {time}',
  'person.mute.start': 'Stummschalten',
  'person.mute.end': 'Nicht mehr stumm',
  'person.mute.hour': 'Für eine Stunde',
  'person.mute.eight': 'Für acht Stunden',
  'person.mute.week': 'Für eine Woche',
  'person.mute.ever': 'Bis ich es ändere',

  'news.connected': 'Du und {name} seid verbunden',
  'news.request': '{name} möchte dich erreichen',
  'news.somebody': 'Jemand',

  'welcome.step': 'Schritt {step} von {count}',
  'welcome.title': 'Wie nennen dich andere?',
  'welcome.text': 'Kein Konto, kein Passwort, keine Firma. Was du schreibst, geht von deinem Gerät zu ihrem.',
  'welcome.name': 'Dein Name',
  'welcome.name.help': 'Du kannst ihn jederzeit ändern.',
  'welcome.colour': 'Deine Farbe',
  'welcome.next': 'Weiter',
  'welcome.person.title': 'Dein erster Mensch',
  'welcome.person.text': 'Füge die Karte ein, die du bekommen hast, oder gib deine weiter.',
  'welcome.theirs': 'Ich habe eine Karte',
  'welcome.mine': 'Meine weitergeben',
  'welcome.later': 'Später',
};
