/**
 * Which majors of the link protocol a node speaks, so that a refused dial can say "update". One stream,
 * one message of a byte a major, closed. The name of this protocol never changes.
 */
import type { Connection, Libp2p, Stream } from '@libp2p/interface';
import { majorsMsMax, majorsProtocol, protocolMajor } from './limits.ts';

const majorsMax = 16;

export async function answerMajors(libp2p: Libp2p): Promise<void> {
  const answer = async (stream: Stream): Promise<void> => {
    stream.send(Uint8Array.of(protocolMajor));
    // Without closing our side the stream would count against the connection's limit for ever.
    await stream.close({ signal: AbortSignal.timeout(majorsMsMax) });
  };
  await libp2p.handle(majorsProtocol, (stream) => {
    answer(stream).catch((error: unknown) => {
      stream.abort(error instanceof Error ? error : new Error('not answered'));
    });
  });
}

/** @returns the majors the other side names, at most 16; empty where it does not answer. */
export async function askMajors(connection: Connection): Promise<number[]> {
  const signal = AbortSignal.timeout(majorsMsMax);
  try {
    const stream = await connection.newStream(majorsProtocol, { signal });
    const majors = await new Promise<number[]>((resolve) => {
      const end = (): void => resolve([]);
      stream.addEventListener('message', ({ data }) => {
        // Not `data.subarray(0, majorsMax)`: a list of chunks throws where it is shorter.
        resolve([...data.subarray()].slice(0, majorsMax));
      });
      stream.addEventListener('close', end);
      signal.addEventListener('abort', end);
    });
    stream.abort(new Error('read'));
    return majors;
  } catch {
    return []; // It does not speak even this: no Kith at all.
  }
}
