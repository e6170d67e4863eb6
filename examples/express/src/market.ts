// Candles of what is traded: the rollup that is there from the start, and those who follow it.
import { type KlineView, type RollupDefinition, type Thalium, Timestamp } from 'thalium'
import { Problem } from './problems.js'

/** The name of the rollup. */
export const ROLLUP = 'klines'

/** Trades that come late, or wrong, are taken in for a day. Scales are bounds to choose: they stay as they are once there are trades. */
const DEFINITION: RollupDefinition = {
  name: ROLLUP, levels: ['1m', '5m', '15m', '1h', '4h', '1d', '1w', '1M'], delay: '5s', late: 'correct', horizon: '1d',
  priceScale: 8, quantityScale: 8,
}

/** Defines the rollup where it is not defined: what an operator has made of it since stays. */
export async function openMarket(ledger: Thalium): Promise<void> {
  const there = await ledger.rollups.list()
  if (!there.some(({ name }) => name === ROLLUP)) await ledger.rollups.define(DEFINITION)
}

/** How many may follow at a time, and how many of them with one caller's token. */
const FOLLOWERS_MAX = 64
export const FOLLOWERS_EACH_MAX = 4

/** Whoever has so many changed candles still to read has to ask for them anew. */
const BEHIND_MAX = 1_000

/** Milliseconds between two looks at the candle that is still open, and at the changes. */
const PACE = 1_000
const PAUSE = 100

/** A page of changes: the most that the ledger tells at a time. */
const CHANGES = 10_000

/** Which candles. */
export interface Followed {
  symbol: string
  width: string
}

/** One who follows: the candles that have changed and are not told yet. */
class Follower {
  readonly #changed = new Map<bigint, Timestamp>()
  #isOver = false
  #wake = (): void => {}

  constructor(readonly caller: string, readonly of: Followed) {}

  get isOver(): boolean {
    return this.#isOver
  }

  mark(start: Timestamp): void {
    this.#changed.set(start.nanoseconds, start)
    if (this.#changed.size > BEHIND_MAX) this.end()
    this.#wake()
  }

  end(): void {
    this.#isOver = true
    this.#wake()
  }

  take(): Timestamp[] {
    const starts = [...this.#changed.values()]
    this.#changed.clear()
    return starts
  }

  /** Resolves when something has changed, when it is over, or after so many milliseconds. */
  async rest(millis: number): Promise<void> {
    if (this.#isOver || this.#changed.size > 0) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, millis)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** Candles as they come. The changes of the rollup are read once, however many follow. */
export class Live {
  readonly #ledger: Thalium
  readonly #ending: AbortSignal
  readonly #followers = new Set<Follower>()
  #reading: Promise<void> | undefined

  /** `ending` is aborted when the server ends: nobody follows any more then. */
  constructor(ledger: Thalium, ending: AbortSignal) {
    this.#ledger = ledger
    this.#ending = ending
    ending.addEventListener('abort', () => this.#endAll(), { once: true })
  }

  /**
   * The newest candle, if there is one, and then each that was closed or changed, as soon as it was; one that is open at most once a
   * second, when it has changed. It ends when `gone` is aborted, when the server ends, and for a client that does not keep up. A `Problem`
   * where there is no place; the place is taken until the loop is left.
   */
  follow(caller: string, of: Followed, gone: AbortSignal): AsyncGenerator<KlineView, void, undefined> {
    return this.#candles(this.#enter(caller, of), gone)
  }

  async *#candles(follower: Follower, gone: AbortSignal): AsyncGenerator<KlineView, void, undefined> {
    const { of } = follower
    const leave = (): void => follower.end()
    gone.addEventListener('abort', leave, { once: true })
    if (gone.aborted || this.#ending.aborted) leave()
    try {
      await this.#read()
      // What the newest candle was when it was told last.
      let told: { start: Timestamp; text: string } | undefined
      const isNew = (candle: KlineView): boolean => {
        const text = JSON.stringify(candle)
        if (told?.text === text) return false
        if (told === undefined || told.start.compare(candle.start) <= 0) told = { start: candle.start, text }
        return true
      }
      for (let due = 0; !follower.isOver; await follower.rest(due - performance.now())) {
        for (const start of follower.take()) {
          const candle = await this.#candle(of, start)
          if (candle && isNew(candle)) yield candle
        }
        if (follower.isOver || performance.now() < due) continue
        due = performance.now() + PACE
        const [newest] = (await this.#ledger.klines(of.symbol, of.width, { rollup: ROLLUP, limit: 1 })).klines
        if (newest && isNew(newest)) yield newest
      }
    } finally {
      gone.removeEventListener('abort', leave)
      this.#followers.delete(follower)
    }
  }

  #enter(caller: string, of: Followed): Follower {
    const own = [...this.#followers].filter((one) => one.caller === caller).length
    if (own >= FOLLOWERS_EACH_MAX) throw new Problem('too-many', `you follow ${own} times already: end one of those first`)
    if (this.#followers.size >= FOLLOWERS_MAX) throw new Problem('too-many', 'as many follow as may: retry later')
    const follower = new Follower(caller, of)
    this.#followers.add(follower)
    return follower
  }

  /** The candle that begins at an instant. With `fill`, one whose trades were all taken back is told with none, between two others. */
  async #candle({ symbol, width }: Followed, start: Timestamp): Promise<KlineView | undefined> {
    const to = new Timestamp(start.nanoseconds + 1n)
    return (await this.#ledger.klines(symbol, width, { rollup: ROLLUP, from: start, to, fill: true })).klines[0]
  }

  /** Resolves when the changes are read from their end on. The first who follows begins it. */
  #read(): Promise<void> {
    this.#reading ??= this.#begin().catch((error: unknown) => {
      this.#reading = undefined
      throw error
    })
    return this.#reading
  }

  async #begin(): Promise<void> {
    const ask = (after: number) => this.#ledger.rollups.changes(ROLLUP, { after, limit: CHANGES })
    let page = await ask(0)
    while (page.changes.length > 0) page = await ask(page.next)
    void this.#watch(page.next, page.version)
  }

  async #watch(after: number, version: number): Promise<void> {
    // Where changes are lost, nobody knows which candles are old: all ask anew.
    const how = { after, version, pause: PAUSE, lost: () => this.#endAll(), signal: this.#ending }
    try {
      for await (const { symbol, width, start } of this.#ledger.rollups.watch(ROLLUP, how)) {
        if (start === undefined) continue
        for (const follower of this.#followers) {
          if (follower.of.symbol === symbol && follower.of.width === width) follower.mark(start)
        }
      }
    } catch (error) {
      // The ledger has stopped, or is closed, or the rollup was dropped.
      if (!this.#ending.aborted) console.error(error)
    }
    this.#reading = undefined
    this.#endAll()
  }

  #endAll(): void {
    for (const follower of this.#followers) follower.end()
  }
}
