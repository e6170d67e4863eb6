// What the clients do, and what they were told.
import { Client } from './client.js'

/** A posting that was acknowledged: its key in the ledger, and which cents moved between which customers. */
export interface Acknowledged {
  key: string
  from?: string
  to: string
  cents: bigint
}

export interface Work {
  acknowledged: Acknowledged[]
  /** Milliseconds of each request. */
  latencies: number[]
  /** Requests that had to be sent again, and those that had been booked though nothing was heard. */
  retries: number
  replayed: number
}

export const customer = (n: number): string => `load${n}`
export const tokenOf = (n: number): string => `load-test-token-of-${n}`
export const OPERATOR = 'load-test-operator-token'
const DEPOSIT = 1000n
const TRANSFER = 125n

const text = (cents: bigint): string => `${cents / 100n}.${String(cents % 100n).padStart(2, '0')} ZAR`

/** The tokens that a server needs for so many clients. */
export function tokens(clients: number): Record<string, object> {
  const all: Record<string, object> = { [OPERATOR]: { operator: 'desk' } }
  for (let n = 0; n < clients; n++) all[tokenOf(n)] = { customer: customer(n) }
  return all
}

/** Opens the accounts of all clients. */
export async function openAccounts(port: number, clients: number): Promise<void> {
  const client = new Client({ port, token: OPERATOR })
  for (let n = 0; n < clients; n++) {
    const { status, body } = await client.ask('POST', '/accounts', { body: { customer: customer(n), asset: 'ZAR' } })
    if (status !== 201 && status !== 200) throw new Error(`an account was not opened: ${JSON.stringify(body)}`)
  }
  client.close()
}

/** Lets all clients work until a promise is settled: each gets a deposit, pays the next, and so on. */
export async function work(port: number, clients: number, round: string, until: Promise<unknown>): Promise<Work> {
  const done: Work = { acknowledged: [], latencies: [], retries: 0, replayed: 0 }
  let over = false
  const stop = (): void => void (over = true)
  void until.then(stop, stop)
  await Promise.all(Array.from({ length: clients }, async (_, n) => {
    const client = new Client({ port, token: tokenOf(n) })
    const [own, next] = [customer(n), customer((n + 1) % clients)]
    const post = async (what: string, path: string, key: string, body: object, one: Omit<Acknowledged, 'key'>, token?: string): Promise<void> => {
      const began = performance.now()
      const told = await client.post(path, key, body, token)
      done.latencies.push(performance.now() - began)
      if (told.status !== 201 && told.status !== 200) throw new Error(`${path} was refused: ${JSON.stringify(told.body)}`)
      if (told.body.replayed === true) done.replayed += 1
      done.acknowledged.push({ key: `${what}/${own}/${key}`, ...one })
    }
    for (let i = 0; !over; i++) {
      const deposit = { account: `${own}:ZAR`, amount: text(DEPOSIT) }
      await post('dep', '/deposits', `${round}-${i}`, deposit, { to: own, cents: DEPOSIT }, OPERATOR)
      const transfer = { from: `${own}:ZAR`, to: `${next}:ZAR`, amount: text(TRANSFER) }
      if (clients > 1) await post('tr', '/transfers', `${round}-${i}`, transfer, { from: own, to: next, cents: TRANSFER })
    }
    done.retries += client.retries
    client.close()
  }))
  return done
}
