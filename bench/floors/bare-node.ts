/** The floor under an idle node's memory: Node itself, waiting. */
setInterval(() => undefined, 60_000);
console.log('{"event":"ready"}');
