import { type Abortable, type Asker, PAGE, items, query, rest, wholeNumber } from './books.js'
import type { Context } from './ledger.js'
import { json, read } from './read.js'
import { type Instant, instantText } from './timestamp.js'
import type { ChangePage, ChangeView, IngestReport, KlinePage, KlineView, LateView, RollupView, SymbolPage, SymbolView, TradeView } from './types.js'

/** A rollup to define. How wide a bucket is, and how long something lasts, is text: `'1m'`, `'4h'`, `'30d'`. */
export interface RollupDefinition {
  /** Its name: 1 to 64 of `a`–`z`, `0`–`9`, `-`, `_`, `.`. */
  name: string
  /** The rollup whose trades it is made of; by default it has its own. */
  of?: string
  /** Widths of buckets, the finest first; by default `1m 5m 15m 1h 4h 1d 1w 1M`. */
  levels?: readonly string[]
  /** The time zone by whose clocks buckets begin, as in `'Africa/Johannesburg'`; by default UTC. */
  zone?: string
  /**
   * What those clocks show where buckets are counted from: a day, as in `'2000-01-02'` for weeks from Sunday, or a time without a zone; by default Monday,
   * 2000-01-03. Of months only the month counts.
   */
  origin?: string
  /** By how much buckets begin later, or earlier: days from 17:00 to 17:00 are moved by `'-7h'`. */
  offset?: string
  /** How far the watermark is behind the newest trade of a symbol; by default `5s`, `0s` for not at all. */
  delay?: string
  /** What becomes of trades whose bucket is closed; by default `correct`. */
  late?: LateView
  /** For how long after the end of their bucket they are taken in; by default `1h`. */
  horizon?: string
  /** Of levels, by their width, how long their buckets are kept, as in `{ '1m': '30d' }`; by default for ever. */
  keep?: Readonly<Record<string, string>>
  /** Digits of prices behind the point, up to 18; by default 8, or those of the rollup it is `of`. */
  priceScale?: number
  /** Digits of quantities behind the point; as `priceScale`. */
  quantityScale?: number
}

/** By what a trade is known: its symbol, when it happened, and the number that the market gave it. */
export interface TradePlace {
  /** Its symbol, of 1 to 128 bytes. */
  symbol: string
  /** When it happened. */
  at: Instant
  /** The number that the market gave it, below 2^63: a `bigint`, its digits as text, or a safe integer. */
  id: bigint | string | number
}

/** A trade. All trades of a call have an `id`, or none has. */
export interface Trade extends Omit<TradePlace, 'id'>, Partial<Pick<TradePlace, 'id'>> {
  /** The price, in decimal text; a `number` is an error. */
  price: string
  /** How much was traded, in decimal text; a `number` is an error. */
  quantity: string
  /** Who took it, where that is known. */
  taker?: 'buyer' | 'seller'
}

/** What becomes of the other trades of a call where one is not taken: none is, or they are, and it is told which is not. */
export type BadRows = 'refuse' | 'keep'

/** Which candles. */
export interface KlineQuery {
  /** Those that begin then or later, the first of them; without it, the last there are. */
  from?: Instant
  /** Those that begin before then. */
  to?: Instant
  /** Of which rollup; by default `klines`. */
  rollup?: string
  /** At most so many, up to 10,000; a page without it has 500. */
  limit?: number
  /** Also those between in which nothing has happened, with the close before. */
  fill?: boolean
}

/** Which page of symbols. */
export interface SymbolQuery {
  /** Behind this symbol: the `next` of the page before. */
  after?: string
  /** At most so many, up to 10,000; a page without it has 500. */
  limit?: number
}

/** Which changes. */
export interface ChangeQuery {
  /** Behind the change of this number: the `next` of the page before; by default from the first. */
  after?: number
  /** At most so many, up to 10,000; a page without it has 500. */
  limit?: number
}

/** Which changes are watched. All that is given must match. */
export interface ChangeWatch {
  /** Of this symbol. */
  symbol?: string
  /** Of buckets of this width, as the rollup tells its levels. */
  width?: string
  /** Behind the change of this number; by default from the first. */
  after?: number
  /** The version that `after` is of: where the rollup has another one by now, its changes are told from the first. */
  version?: number
  /** Milliseconds to wait where there is nothing new (20). */
  pause?: number
  /** Told how many changes are not there any more, where there are such: the newest 100,000 are kept. */
  lost?: (many: number) => void
}

function idText(value: bigint | string | number, field: string): string {
  if (typeof value === 'number') return wholeNumber(value, field).toString()
  if (typeof value === 'bigint' || typeof value === 'string') return value.toString()
  throw new TypeError(`${field}: give a bigint, or digits as text, not a ${typeof value}`)
}

function decimalText(value: string, field: string): string {
  if (typeof value === 'string') return value
  throw new TypeError(`${field}: a ${typeof value} cannot say how much: give decimal text, as '60000.00'`)
}

const CONVERTED: Readonly<Record<string, (value: never, field: string) => string | undefined>> = {
  at: instantText, id: idText, price: decimalText, quantity: decimalText,
}

/** A trade as the wire has it. What is missing is missing there: the ledger tells it, with its row. */
function tradeRow(trade: Partial<Trade>, where: string): Record<string, unknown> {
  if (typeof trade !== 'object' || trade === null || Array.isArray(trade)) {
    throw new TypeError(`${where}: give an object, as { symbol: 'BTC-ZAR', at, price: '60000.00', quantity: '0.5' }`)
  }
  const fields = Object.entries(trade).map(([name, value]) => {
    const convert = CONVERTED[name]
    return [name, value == null || convert === undefined ? value : convert(value as never, `${where}.${name}`)]
  })
  return Object.fromEntries(fields) as Record<string, unknown>
}

/** A page of candles. @internal */
export async function klinePage(of: Asker, symbol: string, width: string, { rollup = 'klines', signal, ...page }: KlineQuery & Abortable): Promise<KlinePage> {
  return read('KlinePage', await of.ask(query('klines', { rollup, symbol, width, ...page }), signal))
}

/**
 * Defines rollups, puts trades into them, and tells what has become of them. A rollup is a definition by name; the trades that are put
 * into it are durable in the ledger's directory, and candles of every level come out at once, exactly, and again when a trade was late,
 * wrong or taken back.
 */
export class Rollups {
  readonly #of: Asker

  /** @internal */
  constructor(of: Asker) {
    this.#of = of
  }

  /**
   * Defines a rollup, or defines one anew: `t.rollups.define({ name: 'klines', levels: ['1m', '1h', '1d'], priceScale: 2 })`. The same
   * definition again changes nothing; another one makes the next version, from all trades that were ever taken.
   */
  async define({ priceScale, quantityScale, ...definition }: RollupDefinition, { signal }: Abortable = {}): Promise<RollupView> {
    const scales = { price_scale: priceScale, quantity_scale: quantityScale }
    return read('RollupView', await this.#of.ask(json({ op: 'define_rollup', ...definition, ...scales }), signal))
  }

  /** Takes a rollup away, unless others are made of it; its name can be defined again, and begins without trades. */
  async drop(name: string, { signal }: Abortable = {}): Promise<void> {
    await this.#of.ask(json({ op: 'drop_rollup', name }), signal)
  }

  /** The rollups, by name. */
  async list({ signal }: Abortable = {}): Promise<readonly RollupView[]> {
    const told = (await this.#of.ask('{"op":"list_rollups"}', signal)) as unknown[]
    return Object.freeze(told.map((rollup) => read<RollupView>('RollupView', rollup)))
  }

  /**
   * Puts trades into a rollup, in order, at most 65,536 of them; resolves when they are durable:
   * `t.rollups.ingest('klines', [{ symbol: 'BTC-ZAR', at: new Date(), id: 7n, price: '60000.00', quantity: '0.5', taker: 'buyer' }])`.
   *
   * A row that is not taken rejects with an `InvalidError` that names it, as in `trades[3].price`, and nothing has changed; with
   * `badRows: 'keep'` the others are taken, and `faults` tells which were not. Where the policy is `correct`, a trade that comes twice, by its
   * instant and id, counts once. Everything is read before anything is sent.
   */
  async ingest(rollup: string, trades: Iterable<Trade>, { badRows, now, signal }: { badRows?: BadRows } & Pick<Context, 'now'> & Abortable = {}): Promise<IngestReport> {
    const rows = [...trades].map((trade, index) => tradeRow(trade, `trades[${index}]`))
    const asked = { rollup, trades: rows, bad_rows: badRows, now: instantText(now, 'now') }
    return read('IngestReport', await this.#of.ask(json({ op: 'ingest_trades', ...asked }), signal))
  }

  /**
   * Puts a trade in the place of that with its symbol, instant and id, and gives what that was. An `InvalidError` where there is none, it is
   * too late, or the policy is not `correct`.
   */
  async correct(rollup: string, trade: Trade & TradePlace, { now, signal }: Pick<Context, 'now'> & Abortable = {}): Promise<TradeView> {
    const asked = { rollup, trade: tradeRow(trade, 'trade'), now: instantText(now, 'now') }
    return read('TradeView', await this.#of.ask(json({ op: 'correct_trade', ...asked }), signal))
  }

  /** Takes the trade with a symbol, instant and id back, and gives what it was. Errors are those of `correct`. */
  async remove(rollup: string, { symbol, at, id }: TradePlace, { signal }: Abortable = {}): Promise<TradeView> {
    const asked = { rollup, symbol, at: instantText(at, 'at'), id: idText(id, 'id') }
    return read('TradeView', await this.#of.ask(json({ op: 'remove_trade', ...asked }), signal))
  }

  /**
   * Tells a rollup what time it is: buckets close in which nothing happens any more. It is for who knows that nothing earlier is on its
   * way.
   */
  async advance(rollup: string, { now, signal }: Pick<Context, 'now'> & Abortable = {}): Promise<void> {
    await this.#of.ask(json({ op: 'advance_rollup', rollup, now: instantText(now, 'now') }), signal)
  }

  /** The candles of a symbol from an instant on, oldest first, page after page; `limit` at most, or all. See `Thalium.klines`. */
  async *klines(
    rollup: string, symbol: string, width: string, { from, limit, ...page }: Omit<KlineQuery, 'rollup' | 'from'> & { from: Instant } & Abortable,
  ): AsyncGenerator<KlineView, void, undefined> {
    const ask = ({ after, limit }: { after?: Instant; limit: number }) => klinePage(this.#of, symbol, width, { ...page, rollup, limit, from: after ?? from })
    yield* items<KlinePage, KlineView, Instant>(ask, (told) => told.klines, from, limit)
  }

  /** A page of the symbols of a rollup, by name, each with its newest price, when that was traded, and its watermark. */
  async symbolsPage(rollup: string, { signal, ...page }: SymbolQuery & Abortable = {}): Promise<SymbolPage> {
    return read('SymbolPage', await this.#of.ask(query('list_symbols', { rollup, ...page }), signal))
  }

  /** The symbols of a rollup, by name; `limit` at most, or all. */
  async *symbols(rollup: string, { after, limit, signal }: SymbolQuery & Abortable = {}): AsyncGenerator<SymbolView, void, undefined> {
    const abortable = signal === undefined ? {} : { signal }
    yield* items((next) => this.symbolsPage(rollup, { ...abortable, ...next }), (told) => told.symbols, after, limit)
  }

  /**
   * What has become of a rollup: its changes behind the one with the number `after`, in order: buckets that were `closed` or `revised`, trades
   * that were `refused`. `next` is the `after` of the next question, `lost` how many of those asked for are not there any more. Numbers
   * begin again with a new `version`.
   */
  async changes(rollup: string, { signal, ...page }: ChangeQuery & Abortable = {}): Promise<ChangePage> {
    return read('ChangePage', await this.#of.ask(query('rollup_changes', { rollup, ...page }), signal))
  }

  /**
   * What has become of a rollup, and what becomes of it: every change, as it is durable. It ends when the signal is aborted or the loop is
   * left, and keeps no process alive; it fails where the rollup is not there any more. With a new version it begins again with that one's
   * first change.
   */
  async *watch(
    rollup: string, { symbol, width, after = 0, version, pause = 20, lost, signal }: ChangeWatch & Abortable = {},
  ): AsyncGenerator<ChangeView, void, undefined> {
    while (!signal?.aborted) {
      const told: ChangePage = await this.changes(rollup, { after, limit: PAGE })
      const isOther = version !== undefined && version !== told.version
      version = told.version
      after = isOther ? 0 : told.next
      if (isOther) continue
      if (told.lost > 0) lost?.(told.lost)
      for (const change of told.changes) {
        if ((symbol ?? change.symbol) === change.symbol && (width ?? change.width) === change.width) yield change
      }
      if (told.changes.length === 0) await rest(pause, signal)
    }
  }
}
