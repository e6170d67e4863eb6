// A client over one connection that is kept alive: it asks again, with the same key, until it is told.
import { Agent, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

export interface Told {
  status: number
  body: Record<string, unknown>
}

export interface Asked {
  key?: string
  body?: object
  /** Another token than the client's own. */
  token?: string
}

export interface Target {
  port: number
  token: string
}

export class Client {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  /** How often a request had to be sent again. */
  retries = 0

  constructor(readonly target: Target) {}

  /** One request, or an error where the connection broke. */
  ask(method: string, path: string, { key, body, token = this.target.token }: Asked = {}): Promise<Told> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = {
      authorization: `Bearer ${token}`,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    }
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: this.target.port, method, path, headers, agent: this.#agent }, (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('error', reject)
        answer.on('end', () => {
          try {
            resolve({ status: answer.statusCode ?? 0, body: JSON.parse(Buffer.concat(parts).toString()) as Told['body'] })
          } catch (error) {
            reject(error)
          }
        })
      })
      sent.on('error', reject)
      sent.end(text)
    })
  }

  /**
   * Sends a posting until it is acknowledged. Whoever hears nothing does not know whether it was booked; with the same key it
   * does no harm to ask again.
   */
  async post(path: string, key: string, body: object, token?: string): Promise<Told> {
    const giveUp = Date.now() + 60_000
    for (;;) {
      try {
        const told = await this.ask('POST', path, { key, body, ...(token === undefined ? {} : { token }) })
        if (told.status !== 503) return told
      } catch (error) {
        if (Date.now() > giveUp) throw error
      }
      this.retries += 1
      await pause(20)
    }
  }

  close(): void {
    this.#agent.destroy()
  }
}
