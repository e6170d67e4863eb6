// Trades that were made, and the candles of them.
import { once } from 'node:events'
import type { Express, Response } from 'express'
import type { KlineView, Thalium } from 'thalium'
import { callerOf, operatorsOnly } from '../auth.js'
import { PAGE_MAX, decimalOf, fieldsOf, maybe, numberOf, oneOf, queryOf, textOf, whole } from '../input.js'
import { Live, ROLLUP } from '../market.js'
import { malformed } from '../problems.js'

/** Milliseconds between two comments that keep a connection alive, and for which a client may read nothing. */
const KEEP_ALIVE = 15_000
const STUCK = 30_000

// Gateways that hold answers back until they are whole are told not to.
const STREAM = { 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' }

const takerOf = oneOf('buyer', 'seller')
const fillOf = oneOf('true', 'false')

export function market(app: Express, ledger: Thalium, ending: AbortSignal): void {
  const live = new Live(ledger, ending)

  // No Idempotency-Key: by its symbol, instant and id a trade counts once. It moves no money.
  app.post('/trades', operatorsOnly, async (request, response) => {
    const fields = fieldsOf(request, ['symbol', 'at', 'id', 'price', 'quantity', 'taker'])
    const trade = {
      symbol: textOf(fields, 'symbol'), at: textOf(fields, 'at'), id: numberOf(fields, 'id'), price: decimalOf(fields, 'price'),
      quantity: decimalOf(fields, 'quantity'), ...maybe(fields, 'taker', takerOf),
    }
    const { again, faults: [fault] } = await ledger.rollups.ingest(ROLLUP, [trade], { badRows: 'keep' })
    if (fault) throw malformed(`${fault.field}: ${fault.message}`, fault.field)
    response.status(again > 0 ? 200 : 201).json({ ...trade, replayed: again > 0 })
  })

  app.get('/klines', async (request, response) => {
    const query = queryOf(request, 'symbol', 'width', 'from', 'to', 'limit', 'fill')
    const [symbol, width] = [textOf(query, 'symbol'), textOf(query, 'width')]
    const page = await ledger.klines(symbol, width, {
      rollup: ROLLUP, ...maybe(query, 'from', textOf), ...maybe(query, 'to', textOf),
      ...(query.limit === undefined ? {} : { limit: whole('limit', query.limit, 1, PAGE_MAX) }),
      ...(query.fill === undefined ? {} : { fill: fillOf(query, 'fill') === 'true' }),
    })
    response.json({ symbol, width, ...page })
  })

  app.get('/klines/live', async (request, response) => {
    const query = queryOf(request, 'symbol', 'width')
    const of = { symbol: textOf(query, 'symbol'), width: textOf(query, 'width') }
    // What cannot be followed is told as every other error is, before anything is sent.
    await ledger.klines(of.symbol, of.width, { rollup: ROLLUP, limit: 1 })
    // Nothing is followed for who asks for the head alone.
    if (request.method === 'HEAD') return void response.set(STREAM).end()
    const { customer, operator } = callerOf(response)
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const candles = live.follow(customer === undefined ? `operator ${operator}` : `customer ${customer}`, of, gone.signal)
    response.set(STREAM).flushHeaders()
    await sendAll(response, candles, gone)
  })
}

/** Sends candles as they come, each when the client has room for it, and a comment now and then. */
async function sendAll(response: Response, candles: AsyncIterable<KlineView>, gone: AbortController): Promise<void> {
  const alive = setInterval(() => response.writableNeedDrain || response.write(': \n\n'), KEEP_ALIVE)
  try {
    for await (const candle of candles) {
      if (!response.write(`data: ${JSON.stringify(candle)}\n\n`)) await room(response, gone)
    }
    response.end()
  } catch (error) {
    // The head is sent, so the client sees it by the end of the connection.
    if (!gone.signal.aborted) console.error(error)
    response.destroy()
  } finally {
    clearInterval(alive)
  }
}

/** Waits until the client has read. One that reads nothing is taken for gone. */
async function room(response: Response, gone: AbortController): Promise<void> {
  const stuck = setTimeout(() => gone.abort(), STUCK)
  try {
    await once(response, 'drain', { signal: gone.signal })
  } finally {
    clearTimeout(stuck)
  }
}
