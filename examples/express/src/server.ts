// The process: it opens the ledger, listens, and ends in order.
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Policy } from 'thalium'
import { createApp } from './app.js'
import { openBooks } from './books.js'
import { openCases, passTime } from './cases.js'
import { type Config, readConfig } from './config.js'

async function run(config: Config): Promise<void> {
  // A bundle that is refused keeps the server from starting, and not the ledger from the one that runs.
  await Policy.open(config.policies)
  // Waiting for the predecessor comes first: it stops listening before it lets go of the ledger, so the port is free then too.
  const ledger = await openBooks(`file:${config.data}`, config)
  await ledger.loadPolicy(config.policies)
  await openCases(ledger, config.tokens)
  const ending = new AbortController()
  const end = async (code: number): Promise<void> => {
    if (ending.signal.aborted) return
    ending.abort()
    // Whatever hangs, the process ends: what was acknowledged is durable at any instant.
    setTimeout(() => process.exit(1), 2 * config.grace).unref()
    await stopListening(server, config.grace)
    // Draining takes no more and waits until all that was taken is durable; one that has stopped cannot.
    if (code === 0) await ledger.drain()
    await ledger.close()
    console.log('ended')
    process.exitCode = code
  }
  const ended = (code: number): void => {
    end(code).catch((error: unknown) => {
      console.error(error)
      process.exit(1)
    })
  }
  // A ledger that has stopped goes on only when it is opened again, which is the supervisor's to do.
  const server = createServer(createApp({ ...config, ledger, ending: ending.signal, stopped: () => ended(1) }))
  // Bounds on those who send slowly.
  server.requestTimeout = 30_000
  server.headersTimeout = 10_000
  await listening(server, config)
  passTime(ledger, ending.signal)
  process.once('SIGTERM', () => ended(0)).once('SIGINT', () => ended(0))
  const { address, port, family } = server.address() as AddressInfo
  console.log(`listening on http://${family === 'IPv6' ? `[${address}]` : address}:${port}`)
}

function listening(server: Server, { host, port }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
}

/** Takes no more connections, and resolves when the requests that are under way are answered or their time is over. */
function stopListening(server: Server, grace: number): Promise<void> {
  return new Promise((resolve) => {
    // A connection that is kept alive is idle between requests, and closed then; one that hangs is cut in the end.
    const idle = setInterval(() => server.closeIdleConnections(), 50)
    const late = setTimeout(() => server.closeAllConnections(), grace)
    server.close(() => {
      clearInterval(idle)
      clearTimeout(late)
      resolve()
    })
  })
}

async function main(): Promise<void> {
  await run(readConfig(process.argv.slice(2), process.env))
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
