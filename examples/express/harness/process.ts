// A server of its own as a process, for the load test and the tests.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface Running {
  readonly pid: number
  readonly port: number
  readonly url: string
  /** What the server has written so far, to both of its outputs. */
  log(): string
  /** Sends a signal to this process, by its id, and gives the code that it ends with; null when the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

export interface Start {
  data: string
  tokens: object
  port?: number
  /** Further arguments. */
  more?: readonly string[]
}

const SERVER = join(__dirname, '..', 'src', 'server.js')

/** Starts a server, and resolves when it has printed where it listens. */
export async function start({ data, tokens, port = 0, more = [] }: Start): Promise<Running> {
  const child = spawn(process.execPath, [SERVER, '--data', data, '--port', String(port), ...more], {
    env: { ...process.env, HOST: '127.0.0.1', TOKENS: JSON.stringify(tokens) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  const keep = (part: Buffer): void => void (log += part.toString())
  child.stdout.on('data', keep)
  child.stderr.on('data', keep).pipe(process.stderr)
  const ended = once(child, 'exit') as Promise<[number | null]>
  const url = await Promise.race([listening(child), ended.then(() => undefined)])
  if (url === undefined || child.pid === undefined) throw new Error('the server ended before it listened')
  const { pid } = child
  return {
    pid,
    url,
    port: Number(new URL(url).port),
    log: () => log,
    async end(signal) {
      if (child.exitCode === null && child.signalCode === null) process.kill(pid, signal)
      const [code] = await ended
      return code
    },
  }
}

async function listening(child: ChildProcess): Promise<string | undefined> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const [, url] = /^listening on (\S+)$/.exec(line) ?? []
    if (url) {
      child.stdout!.resume()
      return url
    }
  }
  return undefined
}
