// The books of the exchange: how its accounts are named, and the chart that is there from the start.
import { type AccountView, type Command, Thalium, commands } from 'thalium'
import { openMarket } from './market.js'
import { notFound } from './problems.js'

/** An asset that is offered. One with a scale is registered; currencies of ISO 4217 are in the ledger without it. */
export interface Offered {
  code: string
  scale?: number
}

/** How a customer is named. No `:` and no `/`, which separate the parts of the keys made from it. */
const CUSTOMER = /^[a-z0-9][a-z0-9-]{0,31}$/

/**
 * What a posting may be; the first part of its key. An operator's release has a word of its own: see `postingKey`. What a device
 * sends stands in the ledger under `device`.
 */
export type Posting = 'dep' | 'wd' | 'tr' | 'hold' | 'cap' | 'rel' | 'cancel'

// A customer named `bank` would own `bank:ZAR`.
const RESERVED = new Set<string>(['bank', 'customers', 'holds'])

export const isCustomer = (name: string): boolean => CUSTOMER.test(name) && !RESERVED.has(name)

/** The key of a customer's account. */
export const accountKey = (customer: string, asset: string): string => `${customer}:${asset}`

/** The customer whose account it is; nothing for an account of the chart. */
export function customerOf(account: string): string | undefined {
  const [customer = '', asset, ...more] = account.split(':')
  return asset && more.length === 0 && isCustomer(customer) ? customer : undefined
}

/**
 * The key of a posting: what it is, whose it is, and the caller's key, as `dep/c42/…`. Callers choose their keys without
 * knowing of each other: with the customer in it no two of them can meet, and none can take a key before another uses it. Each
 * kind of posting is either the customer's or the operators', so those do not meet either.
 */
export const postingKey = (what: Posting, customer: string, key: string): string => `${what}/${customer}/${key}`

function chart(offered: readonly Offered[]): Command[] {
  return offered.flatMap(({ code: asset, scale }) => [
    ...(scale === undefined ? [] : [commands.asset({ code: asset, scale })]),
    commands.account({ key: `bank:${asset}`, asset, kind: 'asset', name: 'What the exchange has' }),
    commands.account({ key: `customers:${asset}`, asset, kind: 'liability', name: 'What customers have' }),
    commands.account({ key: `holds:${asset}`, asset, kind: 'liability', name: 'What was captured and is to be settled' }),
  ])
}

/** How the books are opened. */
export interface Opening {
  offered: readonly Offered[]
  /** Milliseconds to wait for a predecessor. */
  grace: number
  /** The file with the key. A ledger that is made with one is encrypted, and keeps personal data. */
  keyFile?: string
}

/** Opens the ledger, waits for a predecessor that finishes, and sees to the chart and the rollup. */
export async function openBooks(address: string, { offered, grace, keyFile }: Opening): Promise<Thalium> {
  const keys = keyFile === undefined ? {} : { keys: { keyFile } }
  const ledger = await Thalium.open(address, { actor: 'server', role: 'operator', wait: grace, ...keys })
  try {
    // A ledger that was made without a key opens with one as well, and seals nothing.
    if (keyFile !== undefined && !(await hasKey(ledger))) {
      throw new Error('key-file: the ledger was made without a key: restore a backup of it with one')
    }
    // Opening an account again is a retry and books nothing, so a restart may run this every time.
    const told = await ledger.submit(chart(offered))
    const refused = told.find(({ ok }) => !ok)
    if (refused) throw new Error(`the chart cannot be opened: ${refused.key}: ${refused.reason}`)
    await openMarket(ledger)
    return ledger
  } catch (error) {
    await ledger.close()
    throw error
  }
}

/** Whether the ledger has a key, so that personal data can be sealed. */
export const hasKey = async (ledger: Thalium): Promise<boolean> => (await ledger.stats()).dataKey > 0

/** An account that is there. */
export async function accountOf(ledger: Thalium, key: string): Promise<AccountView> {
  const account = await ledger.accounts.get(key)
  // An account can be got by its id too; here it has one name, which is what permission is decided on.
  if (account?.key !== key) throw notFound(`there is no account ${JSON.stringify(key)}`)
  return account
}

/** The accounts of a customer in the offered assets. */
export async function accountsOf(ledger: Thalium, offered: readonly Offered[], customer: string): Promise<AccountView[]> {
  const found = await Promise.all(offered.map(({ code }) => ledger.accounts.get(accountKey(customer, code))))
  return found.filter((account) => account !== undefined)
}
