import type { health as english } from '../en/health.ts';

export const health: Record<keyof typeof english, string> = {
  'check.memory.locked': 'Benutzte Schlüssel gelangen nicht in den Auslagerungsspeicher.',
  'check.memory.swap': 'Benutzte Schlüssel könnten in den Auslagerungsspeicher gelangen: {reason}',
  'check.memory.overflow': '{bytes} Byte Schlüssel passten nicht in den gesperrten Speicher.',
  'check.copy.same': 'Die Datenbank und der Schlüsselbund gehören zusammen.',
  'check.copy.restored':
    'Die Datenbank ist eine andere Kopie als die zuletzt benutzte. Die Verschlüsselung mit allen wurde neu aufgebaut.',
  'check.recovery.kept': 'Die Schlüssel dieser Person gibt es nur in diesem Profil.',
  'check.recovery.written': 'Die Wörter zur Wiederherstellung sind aufgeschrieben.',
  'check.outlook.connected': 'Du bist mit anderen verbunden.',
  'check.outlook.merging': 'Getrennte Teile des Netzes finden gerade wieder zusammen.',
  'check.outlook.local-only': 'Nur Knoten in diesem lokalen Netz sind erreichbar.',
  'check.outlook.alone': 'Noch ist kein anderer Knoten erreichbar.',
  'check.outlook.probably-cut-off': 'Du bist vermutlich von den anderen abgeschnitten.',
  'check.views.filled':
    '{active, plural, one {# Knoten ist dein Nachbar} other {# Knoten sind deine Nachbarn}}, {reserve, plural, one {# ist in Reserve} other {# sind in Reserve}}.',
  'check.views.idle':
    '{active, plural, one {# Knoten ist dein Nachbar} other {# Knoten sind deine Nachbarn}}, {reserve, plural, one {# ist in Reserve} other {# sind in Reserve}}.',
  'check.record.unlisted': 'Dieser Knoten bittet andere, nicht weiterzusagen, wo er ist.',
  'check.record.none': 'Es gibt keine Adresse, unter der andere diesen Knoten anrufen könnten.',
  'check.record.listed':
    'Andere Knoten dürfen weitersagen, wo dieser ist: {minutes} Minuten lang, über höchstens {hops} Knoten.',
  'check.anchors.none': 'Noch ist kein Nachbar für den nächsten Start gemerkt.',
  'check.anchors.some':
    '{count, plural, one {# Nachbar ist} other {# Nachbarn sind}} für den nächsten Start gemerkt.',
  'check.keychain.system': 'Die Schlüssel dieses Profils sind im Schlüsselbund des Systems.',
  'check.keychain.file':
    'Die Schlüssel dieses Profils sind in einer Datei, {path}, nicht in einem Schlüsselbund. Wer deine Dateien oder eine Kopie davon lesen kann, kann alles in diesem Profil lesen.',
  'check.keychain-behind':
    'Der neue Speicherschlüssel konnte nicht abgelegt werden: {reason}. Bis dahin bleiben alte Schlüssel lesbar.',
  'check.lan-silent':
    '{heard, plural, one {# Knoten wurde} other {# Knoten wurden}} im lokalen Netz gehört, aber keiner antwortete an Port {port}. Vielleicht steht eine Firewall im Weg.',
  'check.other-version': 'Ein Knoten in der Nähe spricht Kith {theirs}, dieser spricht Kith {ours}.',
  'check.mdns-port':
    'Ein anderes Programm hält den UDP-Port 5353 für sich, daher wird auf {interface} niemand gefunden.',
  'check.mdns-failed': 'Auf {interface} wird niemand gefunden: Dort kann nicht gefragt werden ({code}).',

  'check.fix.memory.swap':
    'Erhöhe die Grenze für gesperrten Speicher (ulimit -l), oder schalte die Auslagerung ab.',
  'check.fix.memory.overflow':
    'Nichts ist verloren. Weniger Unterhaltungen zur gleichen Zeit brauchen weniger.',
  'check.fix.copy.restored': 'Benutze nur noch eine Kopie. Was nach der Kopie kam, fehlt hier.',
  'check.fix.recovery.kept':
    'Eine Kopie des ganzen Profilordners bringt dich zurück, wenn das Original nie wieder benutzt wird.',
  'check.fix.outlook.local-only':
    'Nichts, wenn es so gemeint ist. Sonst sieh nach, ob dieses Gerät online ist.',
  'check.fix.outlook.alone':
    'Starte Kith auf einem anderen Gerät in diesem Netz, oder tausche Karten mit jemandem, der online ist.',
  'check.fix.outlook.probably-cut-off':
    'Sieh nach, ob dieses Gerät online ist. Was du jetzt sendest, wartet, bis andere erreicht werden.',
  'check.fix.views.idle': 'Nichts: Die Knoten in Reserve werden nacheinander versucht.',
  'check.fix.record.none':
    'Tritt einem Netz bei, oder starte mit --listen und einer Adresse, die andere erreichen.',
  'check.fix.keychain-behind':
    'Öffne oder repariere den Schlüsselbund, oder schaffe Platz auf der Platte. Mit dem nächsten Tagesschlüssel wird es wieder versucht.',
  'check.fix.lan-silent':
    'Erlaube auf beiden Geräten eingehende Verbindungen zu Kith. Ein Gastnetz verbietet sie vielleicht ganz.',
  'check.fix.other-version': 'Bring den älteren der beiden auf den neuen Stand.',
  'check.fix.mdns-port': 'Beende dieses Programm, oder verbinde dich über die Adresse in einer Karte.',
  'check.fix.mdns-failed':
    'Sieh nach, ob dort Multicast erlaubt ist, oder verbinde dich über die Adresse in einer Karte.',

  'why.lan': 'Im lokalen Netz gefunden',
  'why.asking': 'Um zu fragen, wer im lokalen Netz ist',
  'why.bootstrap': 'Beim Start angegeben (--bootstrap)',
  'why.contact': 'Wo ein Kontakt zuletzt war oder nach eigenen Worten ist',
  'why.card': 'Wo die Person einer Karte war oder nach eigenen Worten ist',
  'why.known': 'Ein Knoten, der schon bekannt war',
  'why.topic': 'Genannt von einem Knoten, der demselben Thema folgt',
  'why.neighbour': 'Ein Knoten des Netzes, als Nachbar',
  'why.test': 'Ein Knoten des Netzes, um zu sehen, ob er antwortet',
  'why.mix': 'Ein Knoten des Netzes, um Einträge auszutauschen',
  'why.lost': 'Ein früherer Nachbar, um zu sehen, ob er zurück ist',
  'why.question': 'Ein Knoten des Netzes, um zu fragen, wo jemand ist',
};
