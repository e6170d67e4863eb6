import { type CivilDate, type Name, nameText } from './commands.js'
import { json, read } from './read.js'
import { type Instant, instantText } from './timestamp.js'
import type {
  AccountPage, AccountView, AssetView, BalanceHistoryPage, EntryView, HistoryPage, StatementView, TransferPage, TransferView, VolumePage,
} from './types.js'

/** How a call can be given up. */
export interface Abortable {
  /**
   * Aborting it rejects the promise. A command that was sent may still be booked: a retry with its key tells.
   */
  signal?: AbortSignal
}

/** A span of time, both ends included. */
export interface Span {
  /** Not before. */
  from?: Instant
  /** Not after; a date stands for its last instant in UTC. */
  to?: Instant
}

/** Which transfers. All that is given must match. */
export interface TransferQuery extends Span {
  /** That debit or credit this account. */
  account?: Name
  /** That touch the account on this side. */
  side?: 'debit' | 'credit'
  /** In this asset. */
  asset?: string
  /** With this code. */
  code?: number
  /** With an effective date not before. */
  fromDate?: CivilDate
  /** With an effective date not after. */
  toDate?: CivilDate
  /** Behind the last transfer of the page before: its `next`. */
  after?: number
  /** At most so many; a page without it has 100. */
  limit?: number
  /** Newest first. */
  newestFirst?: boolean
}

/** Which page. */
export interface PageQuery {
  /** Behind the page before: its `next`. */
  after?: number
  /** At most so many; a page without it has 100. */
  limit?: number
}

/** Which part of a history. */
export interface HistoryQuery extends Span, PageQuery {
  /** Newest first. */
  newestFirst?: boolean
}

/** Which buckets of time. */
export interface BucketQuery {
  /** How wide they are: `'1h'`, `'1d'`, `'1w'`, `'1M'` and others; by default `1d`. */
  width?: string
  /** The time zone by whose clocks they begin, as in `'Africa/Johannesburg'`; by default UTC. */
  zone?: string
  /** From the one on that has this, the first of them; a date is of the zone. Without it, the last there are. */
  from?: Instant
  /** Up to the one that has this; a date stands for its last instant. */
  to?: Instant
  /** At most so many, up to 10,000; a page without it has 500. */
  limit?: number
}

/** Whose volumes: one of `account`, `party` and `asset` says of what. */
export interface VolumeQuery extends BucketQuery {
  /** What an account was debited and credited. */
  account?: Name
  /** What all accounts of a party were. */
  party?: Name
  /** All that was moved of an asset. Then debits and credits are the same. */
  asset?: string
  /** Only transfers with this code. */
  code?: number
}

/** Which accounts. All that is given must match. */
export interface AccountQuery extends PageQuery {
  /** This account and those below it in the chart. */
  under?: Name
  /** In this asset. */
  asset?: string
}

/** As many stand on a page where all are asked for. @internal */
export const PAGE = 1_000

/** What answers questions as the wire has them: a ledger, or a view of one. @internal */
export interface Asker {
  ask(request: string, signal?: AbortSignal): Promise<unknown>
}

/** A number that says what it says: past 2^53 one may stand for another. @internal */
export function wholeNumber(value: number, name: string): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${name}: ${value} is no whole number from 0 to 2^53`)
  return value
}

/** A question as the wire has it. @internal */
export function query(op: string, fields: object): string {
  return json({ op, ...fieldsOf(fields) })
}

/** The fields of a question as the wire has them. @internal */
export function fieldsOf(fields: object): Record<string, unknown> {
  const told: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue
    if (name === 'account' || name === 'party' || name === 'under' || name === 'name') told[name] = nameText(value as Name, name)
    else if (name === 'from' || name === 'to' || name === 'at') told[name] = instantText(value as Instant, name)
    else if (name === 'fromDate') told.from_date = value
    else if (name === 'toDate') told.to_date = value
    else if (name === 'newestFirst') told.newest_first = value
    else if (typeof value === 'number') told[name] = wholeNumber(value, name)
    else if (name !== 'signal') told[name] = value
  }
  return told
}

/** What moved accounts, and what is held. */
export abstract class SeenBooks {
  /** Asks something as the wire has it. @internal */
  abstract ask(request: string, signal?: AbortSignal): Promise<unknown>

  /** A page of the open holds of an account, oldest first. */
  async holdsPage(account: Name, page: PageQuery & Abortable = {}): Promise<TransferPage> {
    return read('TransferPage', await this.ask(query('list_holds', { account, ...page }), page.signal))
  }

  /** The open holds of an account, oldest first; `limit` at most, or all. */
  async *holds(account: Name, { limit, ...page }: PageQuery & Abortable = {}): AsyncGenerator<TransferView, void, undefined> {
    yield* items((next) => this.holdsPage(account, { ...page, ...next }), (told) => told.transfers, page.after, limit)
  }

  /** A page of what moved an account, with its balances after each: its transfers, and the holds that ran out. */
  async historyPage(account: Name, page: HistoryQuery & Abortable = {}): Promise<HistoryPage> {
    return read('HistoryPage', await this.ask(query('history', { account, ...page }), page.signal))
  }

  /** What moved an account, with its balances after each; `limit` at most, or all. */
  async *history(account: Name, { limit, ...page }: HistoryQuery & Abortable = {}): AsyncGenerator<EntryView, void, undefined> {
    yield* items((next) => this.historyPage(account, { ...page, ...next }), (told) => told.entries, page.after, limit)
  }

  /** What moved an account over a span of time; nothing if there is no such account. */
  async statement(account: Name, span: Span & Abortable = {}): Promise<StatementView | undefined> {
    const told = await this.ask(query('statement', { account, ...span }), span.signal)
    return told === null ? undefined : read('StatementView', told)
  }

  /**
   * A page of what an account held in each bucket of time, oldest first, also where nothing has happened:
   * `const { buckets, next } = await t.balanceHistory('c42:ZAR', { width: '1d', zone: 'Africa/Johannesburg', from, to })`. `next` is the `from` of
   * the next page if there are more. Balances are posted ones, on the account's normal side.
   */
  async balanceHistory(account: Name, buckets: BucketQuery & Abortable = {}): Promise<BalanceHistoryPage> {
    return read('BalanceHistoryPage', await this.ask(query('balance_history', { account, ...buckets }), buckets.signal))
  }

  /**
   * A page of how much was moved in each bucket of time, by asset and code, oldest first: `t.volumes({ account: 'c42:ZAR', width: '1w' })`.
   * What is held counts when it is captured; a bucket in which nothing was moved is left out. `next` is the `from` of the next page if there
   * are more.
   */
  async volumes(volumes: VolumeQuery & Abortable): Promise<VolumePage> {
    return read('VolumePage', await this.ask(query('volumes', volumes), volumes.signal))
  }
}

/** Lists assets. */
export class SeenAssets {
  readonly #of: Asker

  /** @internal */
  constructor(of: Asker) {
    this.#of = of
  }

  /** The registered assets by their codes; with `all` the currencies of ISO 4217 too. */
  async list({ all }: { all?: boolean } = {}): Promise<readonly AssetView[]> {
    const told = (await this.#of.ask(query('list_assets', { all }))) as unknown[]
    return Object.freeze(told.map((asset) => read<AssetView>('AssetView', asset)))
  }
}

/** Finds accounts. */
export class SeenAccounts {
  readonly #of: Asker

  /** @internal */
  constructor(of: Asker) {
    this.#of = of
  }

  /** An account with its balances, now or after everything up to an instant; nothing if there is none. */
  async get(name: Name, { at, signal }: { at?: Instant } & Abortable = {}): Promise<AccountView | undefined> {
    const told = await this.#of.ask(query('get_account', { name, at }), signal)
    return told === null ? undefined : read('AccountView', told)
  }

  /** A page of accounts in the order in which they were opened. */
  async page(page: AccountQuery & Abortable = {}): Promise<AccountPage> {
    return read('AccountPage', await this.#of.ask(query('list_accounts', page), page.signal))
  }

  /** Accounts in the order in which they were opened. */
  async *list(page: Omit<AccountQuery, 'limit'> & Abortable = {}): AsyncGenerator<AccountView, void, undefined> {
    yield* items((next) => this.page({ ...page, ...next }), (told) => told.accounts, page.after)
  }
}

/** Finds transfers. */
export class SeenTransfers {
  readonly #of: Asker

  /** @internal */
  constructor(of: Asker) {
    this.#of = of
  }

  /** A transfer by its key or id; nothing if there is none. */
  async get(name: Name, { signal }: Abortable = {}): Promise<TransferView | undefined> {
    const told = await this.#of.ask(query('get_transfer', { name }), signal)
    return told === null ? undefined : read('TransferView', told)
  }

  /** The transfers of a transaction, by its key or id. */
  async ofTransaction(name: Name, { signal }: Abortable = {}): Promise<readonly TransferView[]> {
    const told = (await this.#of.ask(query('get_transaction', { name }), signal)) as unknown[]
    return Object.freeze(told.map((transfer) => read<TransferView>('TransferView', transfer)))
  }

  /** A page of the transfers that match; its `next` is what the next page comes `after`. */
  async page(page: TransferQuery & Abortable = {}): Promise<TransferPage> {
    return read('TransferPage', await this.#of.ask(query('list_transfers', page), page.signal))
  }

  /** The transfers that match; `limit` at most, or all. */
  async *list({ limit, ...page }: TransferQuery & Abortable = {}): AsyncGenerator<TransferView, void, undefined> {
    yield* items((next) => this.page({ ...page, ...next }), (told) => told.transfers, page.after, limit)
  }

  /**
   * The transfers that match, and every one that is booked later, as it becomes durable. It ends when the signal is aborted or
   * the loop is left, and keeps no process alive.
   */
  async *watch({ signal, pause = 20, ...page }: Omit<TransferQuery, 'limit' | 'newestFirst' | 'to' | 'toDate'> & Abortable & { pause?: number } = {}): AsyncGenerator<TransferView, void, undefined> {
    let after = page.after
    while (!signal?.aborted) {
      const told: TransferPage = await this.page({ ...page, ...(after === undefined ? {} : { after }), limit: PAGE })
      yield* told.transfers
      after = told.next ?? told.transfers.at(-1)?.sequence ?? after
      if (told.next === undefined) await rest(pause, signal)
    }
  }
}

/** What stands on page after page, up to a limit. @internal */
export async function* items<P extends { readonly next?: N | undefined }, T, N = number>(
  page: (next: { after?: N; limit: number }) => Promise<P>,
  of: (page: P) => readonly T[],
  after: N | undefined,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<T, void, undefined> {
  let left = limit
  while (left > 0) {
    const told = await page({ ...(after === undefined ? {} : { after }), limit: Math.min(left, PAGE) })
    const found = of(told)
    yield* found
    left -= found.length
    if (told.next === undefined) return
    after = told.next
  }
}

/** A pause that holds no process, and ends when the signal does. @internal */
export function rest(millis: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, millis)
    timer.unref()
    signal?.addEventListener('abort', end, { once: true })
  })
}
