// A load test: so many clients for so many seconds, then a server that is killed in the middle and started again while the
// clients go on. At the end every posting that was acknowledged has to be booked, exactly once.
//
//     npm run load -- --seconds 10 --clients 32
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Checked, check } from './load/check.js'
import { type Running, start } from './harness/process.js'
import { openAccounts, tokens, work } from './load/work.js'

export interface Options {
  seconds: number
  clients: number
  print?: (line: string) => void
}

/** The latency below which this part of all requests stayed. */
function part(sorted: readonly number[], share: number): string {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return `${value.toFixed(2)} ms`
}

export async function run({ seconds, clients, print = console.log }: Options): Promise<Checked> {
  const folder = mkdtempSync(join(tmpdir(), 'thalium-load-'))
  const server = { data: join(folder, 'data'), tokens: tokens(clients) }
  let running: Running | undefined
  try {
    running = await start(server)
    const { port } = running
    await openAccounts(port, clients)

    const calm = await work(port, clients, 'calm', pause(seconds * 1000))
    const sorted = calm.latencies.sort((a, b) => a - b)
    print(`clients=${clients} requests=${sorted.length} ${Math.round(sorted.length / seconds)} requests/s`)
    print(`latency p50=${part(sorted, 0.5)} p95=${part(sorted, 0.95)} p99=${part(sorted, 0.99)}`)

    // Half of the time before the kill and half after the restart, with clients that never pause.
    const restarted = (async () => {
      await pause(seconds * 250)
      await running?.end('SIGKILL')
      const began = performance.now()
      running = await start({ ...server, port })
      const took = Math.round(performance.now() - began)
      await pause(seconds * 250)
      return took
    })()
    const rough = await work(port, clients, 'rough', restarted)
    print(`killed and listening again after ${await restarted} ms; ${rough.retries} retries, ${rough.replayed} of them were booked before`)

    const checked = await check(port, server.data, clients, [...calm.acknowledged, ...rough.acknowledged])
    // Printed here, so that a failure shows it too.
    for (const line of checked.wrong) print(line)
    print(`acknowledged=${checked.acknowledged} lost=${checked.lost} doubled=${checked.doubled}`)
    const code = await running.end('SIGTERM')
    if (code !== 0) checked.wrong.push(`the server ended with ${code}`)
    return checked
  } finally {
    await running?.end('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { seconds: { type: 'string', default: '10' }, clients: { type: 'string', default: '32' } } })
  const [seconds, clients] = [Number(values.seconds), Number(values.clients)]
  if (!(seconds > 0) || !Number.isInteger(clients) || clients < 1) throw new Error('give --seconds above 0 and --clients of 1 or more')
  const { lost, doubled, wrong } = await run({ seconds, clients })
  process.exitCode = lost + doubled + wrong.length === 0 ? 0 : 1
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error)
    process.exitCode = 1
  })
}
