import type { network as english } from '../en/network.ts';

export const network: Record<keyof typeof english, string> = {
  'outlook.connected': 'Alles in Ordnung. Du bist mit anderen verbunden.',
  'outlook.merging': 'Verbunden. Getrennte Teile des Netzes finden gerade wieder zusammen.',
  'outlook.local-only': 'Du erreichst nur Menschen in diesem lokalen Netz.',
  'outlook.alone':
    'Noch ist niemand erreichbar. Was du schreibst, wird aufbewahrt und geht hinaus, sobald jemand da ist.',
  'outlook.probably-cut-off':
    'Du bist vermutlich von den anderen abgeschnitten. Was du schreibst, wird so lange aufbewahrt.',
  'outlook.short.connected': 'Verbunden',
  'outlook.short.merging': 'Verbunden',
  'outlook.short.local-only': 'Nur lokales Netz',
  'outlook.short.alone': 'Noch niemand erreichbar',
  'outlook.short.probably-cut-off': 'Vermutlich abgeschnitten',

  'reach.step.looking': '{name} wird gesucht',
  'reach.step.dialling': 'Das Gerät von {name} wird angerufen',
  'reach.step.linked': 'Es wird geprüft, ob es {name} ist',
  'reach.step.asked': '{name} muss noch annehmen',
  'reach.step.connected': 'Du und {name} seid verbunden',
  'reach.cause.offline-here':
    'Dieses Gerät ist gerade mit niemandem verbunden. Es geht von selbst weiter, sobald du online bist.',
  'reach.cause.no-address':
    'Niemand hier weiß, wo das andere Gerät ist. Frage, ob Kith dort läuft, oder tauscht neue Karten aus.',
  'reach.cause.no-answer':
    'Das andere Gerät antwortet nicht. Vielleicht schläft es oder ist offline; Kith versucht es weiter.',
  'reach.cause.refused':
    'Das andere Gerät ist da, aber Kith scheint dort nicht zu laufen. Kith versucht es weiter.',
  'reach.cause.unreachable': 'Von hier führt gerade kein Weg in das andere Netz. Kith versucht es weiter.',
  'reach.cause.not-kith': 'Unter der Adresse antwortet etwas anderes als Kith. Bitte um eine neue Karte.',
  'reach.cause.somebody-else':
    'Unter der Adresse antwortet das Gerät von jemand anderem. Bitte um eine neue Karte.',
  'reach.cause.lan-only':
    'Das andere Gerät ist außerhalb deines lokalen Netzes, und du hast gewählt, darin zu bleiben. Ändern kannst du das in den Einstellungen unter Netz.',

  'notice.key-changed':
    'Der Schlüssel von {name} hat sich geändert. Ihr könnt euch erst wieder schreiben, wenn ihr eure Nummern verglichen habt.',
  'notice.session-reset':
    'Die sichere Sitzung mit {name} wurde neu aufgebaut, meist nach einer wiederhergestellten Sicherung. Was nicht angekommen war, wird noch einmal gesendet.',
  'notice.new-device': '{name} benutzt ein neues Gerät.',
  'notice.restored-copy':
    'Dieses Profil wurde aus einer Kopie wiederhergestellt. Nachrichten seit damals können fehlen.',
  'notice.identity-fork':
    'Die Identität von {name} gibt es in zwei Fassungen. Vergleicht eure Nummern, bevor du einer davon traust.',
};
