/** The floor under a start: the libraries of the network imported by a bare Node, nothing constructed. */
import '@libp2p/noise';
import '@libp2p/tcp';
import '@libp2p/websockets';
import '@libp2p/yamux';
import 'libp2p';

console.log('{"event":"ready"}');
