// Whether what was acknowledged is booked, each exactly once, and the sums agree: by the API, and in the files.
import { Thalium } from 'thalium'
import { Client } from './client.js'
import { type Acknowledged, OPERATOR, customer } from './work.js'

export interface Checked {
  acknowledged: number
  /** Acknowledged and not booked. */
  lost: number
  /** Booked more than once, or booked and never asked for. */
  doubled: number
  /** What else does not agree. */
  wrong: string[]
}

type Cents = Map<string, bigint>

const add = (to: Cents, name: string, cents: bigint): void => void to.set(name, (to.get(name) ?? 0n) + cents)
const cents = (money: string): bigint => BigInt((money.split(' ')[0] ?? '').replace('.', ''))

/** What each customer has by what was acknowledged. */
function expected(acknowledged: readonly Acknowledged[]): Cents {
  const sums: Cents = new Map()
  for (const { from, to, cents: moved } of acknowledged) {
    add(sums, to, moved)
    if (from !== undefined) add(sums, from, -moved)
  }
  return sums
}

/** How often each key is booked, and what each account has, as the API tells it. */
async function byApi(port: number, clients: number): Promise<{ booked: Map<string, number>; sums: Cents }> {
  const client = new Client({ port, token: OPERATOR })
  const booked = new Map<string, number>()
  const sums: Cents = new Map()
  for (let n = 0; n < clients; n++) {
    const account = `/accounts/${customer(n)}:ZAR`
    let after: unknown = 0
    while (after !== undefined) {
      const { body } = await client.ask('GET', `${account}/history?limit=1000&after=${String(after)}`)
      for (const { transfer, side, what } of body.entries as { transfer: string; side: string; what: string }[]) {
        // A transfer stands in two histories; it is counted where it is spent, a deposit where it arrives.
        if (what === 'post' && (side === 'debit' || transfer.startsWith('dep/'))) {
          booked.set(transfer, (booked.get(transfer) ?? 0) + 1)
        }
      }
      after = body.next
    }
    const { body } = await client.ask('GET', account)
    sums.set(customer(n), cents(body.balance as string))
  }
  client.close()
  return { booked, sums }
}

/** The same from the files, read beside the server that writes them. */
async function byFiles(data: string): Promise<{ booked: Map<string, number>; sums: Cents; balanced: boolean }> {
  await using reader = await Thalium.open(`file:${data}`, { readOnly: true, create: false })
  const booked = new Map<string, number>()
  const sums: Cents = new Map()
  for await (const { key, from, to, amount } of reader.transfers.list()) {
    booked.set(key, (booked.get(key) ?? 0) + 1)
    add(sums, from.replace(/:ZAR$/, ''), -amount.units(2))
    add(sums, to.replace(/:ZAR$/, ''), amount.units(2))
  }
  const trial = await reader.trialBalance()
  return { booked, sums, balanced: trial.every((one) => one.balanced) }
}

export async function check(port: number, data: string, clients: number, acknowledged: readonly Acknowledged[]): Promise<Checked> {
  const told = new Set(acknowledged.map(({ key }) => key))
  const sums = expected(acknowledged)
  const wrong: string[] = []
  // Sets, as the same loss may be seen by the API and in the files.
  const [lost, doubled] = [new Set<string>(), new Set<string>()]
  const [api, files] = [await byApi(port, clients), await byFiles(data)]
  if (told.size !== acknowledged.length) wrong.push('a key was used twice by the clients')
  if (!files.balanced) wrong.push('the trial balance does not balance')
  for (const { booked, sums: found } of [api, files]) {
    for (const key of told) if (!booked.has(key)) lost.add(key)
    for (const [key, times] of booked) if (times > 1 || !told.has(key)) doubled.add(key)
    for (let n = 0; n < clients; n++) {
      const [a, b] = [sums.get(customer(n)) ?? 0n, found.get(customer(n)) ?? 0n]
      if (a !== b) wrong.push(`${customer(n)} has ${b} cents and should have ${a}`)
    }
  }
  return { acknowledged: acknowledged.length, lost: lost.size, doubled: doubled.size, wrong }
}
