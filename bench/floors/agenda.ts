/** The least that a simulation of events costs: tasks that do nothing but plan the next one, on the simulator's agenda. */
import { Agenda, type Task } from '@kith/sim/world/agenda';

/** As many as wait in a network of a few thousand nodes. */
const waiting = 20_000;
const events = 1_000_000;

/** @returns events by second of CPU. */
export function agendaEventsPerCpuSecond(): number {
  const agenda = new Agenda();
  const plan = (atMs: number): void => {
    const task: Task = { isOff: false, run: () => plan(atMs + 1 + ((atMs * 7_919) % 1_000)) };
    agenda.add(atMs, task);
  };
  for (let count = 0; count < waiting; count++) plan(count % 1_000);
  const before = process.cpuUsage();
  for (let count = 0; count < events; count++) agenda.take()?.run();
  const { user, system } = process.cpuUsage(before);
  return events / ((user + system) / 1e6);
}
