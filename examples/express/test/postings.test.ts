// Money that moves: what is booked, what is refused, and what a retry gets.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { C42, C77, OPERATOR, Service } from '../harness/service.js'

const service = new Service()
before(async () => {
  await service.start()
  await service.prepare()
})
after(() => service.stop())

const balance = async (account: string): Promise<string> =>
  (await service.ask('GET', `/accounts/${account}`, { token: OPERATOR })).body.available

test('a deposit is booked once, however often it is sent', async () => {
  const asked = { token: OPERATOR, key: 'bank-1', body: { account: 'c42:ZAR', amount: '10.00 ZAR' } }
  const first = await service.ask('POST', '/deposits', asked)
  assert.deepEqual([first.status, first.body.status, first.body.replayed, first.body.key], [201, 'created', false, 'dep/c42/bank-1'])
  const again = await service.ask('POST', '/deposits', asked)
  assert.deepEqual([again.status, again.body.replayed], [200, true])
  assert.deepEqual({ ...again.body, status: 'created', number: 0, replayed: false }, first.body)
  // The same amount written otherwise is the same request; another amount is not.
  assert.equal((await service.ask('POST', '/deposits', { ...asked, body: { account: 'c42:ZAR', amount: '10 ZAR' } })).status, 200)
  const other = await service.ask('POST', '/deposits', { ...asked, body: { account: 'c42:ZAR', amount: '11.00 ZAR' } })
  assert.deepEqual([other.status, other.body.outcome.status], [422, 'exists_with_different_amount'])
  assert.equal(await balance('c42:ZAR'), '260.00 ZAR')
})

test('a withdrawal takes no more than there is, and a refusal spends the key', async () => {
  const asked = { token: C42, key: 'payout-1', body: { account: 'c42:ZAR', amount: '260.01 ZAR' } }
  const refused = await service.ask('POST', '/withdrawals', asked)
  assert.equal(refused.status, 422)
  const { status, number, account, have, need, reason } = refused.body.outcome
  assert.deepEqual([status, number, account, have, need], ['exceeds_credits', 690, 'c42:ZAR', '260.00 ZAR', '260.01 ZAR'])
  assert.equal(refused.body.detail, reason)
  assert.equal((await service.ask('POST', '/withdrawals', asked)).body.outcome.status, 'id_already_failed')
  const booked = await service.ask('POST', '/withdrawals', { ...asked, key: 'payout-2', body: { account: 'c42:ZAR', amount: '60.00 ZAR' } })
  assert.equal(booked.status, 201)
  assert.equal(await balance('c42:ZAR'), '200.00 ZAR')
})

test('customers pay each other, and their keys do not meet', async () => {
  const pay = (token: string, from: string, to: string, amount: string) =>
    service.ask('POST', '/transfers', { token, key: 'lunch', body: { from, to, amount } })
  assert.equal((await pay(C42, 'c42:ZAR', 'c77:ZAR', '20.00 ZAR')).status, 201)
  assert.equal((await pay(C77, 'c77:ZAR', 'c42:ZAR', '1.00 ZAR')).status, 201)
  assert.equal((await pay(C77, 'c77:ZAR', 'c42:ZAR', '1.00 ZAR')).status, 200)
  assert.deepEqual([await balance('c42:ZAR'), await balance('c77:ZAR')], ['181.00 ZAR', '19.00 ZAR'])
  // The same key is free for another kind of posting.
  const out = await service.ask('POST', '/withdrawals', { token: C77, key: 'lunch', body: { account: 'c77:ZAR', amount: '19.00 ZAR' } })
  assert.equal(out.status, 201)
})

test('a hold is captured in part, and the rest is released', async () => {
  const body = { account: 'c42:ZAR', amount: '100.00 ZAR', to: 'c77:ZAR', timeout: 3600 }
  const placed = await service.ask('POST', '/holds', { token: C42, key: 'order-1', body })
  assert.equal(placed.status, 201)
  assert.equal((await service.ask('POST', '/holds', { token: C42, key: 'order-1', body })).status, 200)
  assert.equal(await balance('c42:ZAR'), '81.00 ZAR')
  const open = await service.ask('GET', '/accounts/c42:ZAR/holds', { token: C42 })
  assert.deepEqual(open.body.transfers.map((one: { key: string }) => one.key), ['hold/c42/order-1'])

  const { id } = placed.body
  assert.equal((await service.ask('POST', `/holds/${id}/capture`, { token: C42, key: 'fill-1' })).status, 403)
  const more = await service.ask('POST', `/holds/${id}/capture`, { token: OPERATOR, key: 'fill-0', body: { amount: '100.01 ZAR' } })
  assert.deepEqual([more.status, more.body.outcome.status], [422, 'exceeds_pending_transfer_amount'])
  const fill = { token: OPERATOR, key: 'fill-1', body: { amount: '60.00 ZAR' } }
  assert.equal((await service.ask('POST', `/holds/${id}/capture`, fill)).status, 201)
  assert.equal((await service.ask('POST', `/holds/${id}/capture`, fill)).status, 200)
  const late = await service.ask('POST', `/holds/${encodeURIComponent('hold/c42/order-1')}/release`, { token: C42, key: 'off-1' })
  assert.deepEqual([late.status, late.body.outcome.status], [422, 'pending_transfer_already_posted'])
  assert.deepEqual([await balance('c42:ZAR'), await balance('c77:ZAR')], ['121.00 ZAR', '60.00 ZAR'])
})

test('a hold is given up by its customer or cancelled by an operator', async () => {
  for (const [token, key] of [[C42, 'rel/c42/same'], [OPERATOR, 'cancel/c42/same']] as const) {
    const placed = await service.ask('POST', '/holds', { token: C42, key: `for-${key}`, body: { account: 'c42:ZAR', amount: '5.00 ZAR' } })
    assert.equal((await service.ask('POST', `/holds/${placed.body.id}/release`, { token: C77, key: 'same' })).status, 403)
    const released = await service.ask('POST', `/holds/${placed.body.id}/release`, { token, key: 'same' })
    assert.deepEqual([released.status, released.body.key], [201, key])
  }
  assert.equal(await balance('c42:ZAR'), '121.00 ZAR')
  const deposit = (await service.ask('GET', '/accounts/c42:ZAR/history?limit=1', { token: C42 })).body.entries[0].transfer
  for (const name of ['none', deposit]) {
    const told = await service.ask('POST', `/holds/${encodeURIComponent(name)}/capture`, { token: OPERATOR, key: 'x', body: {} })
    assert.equal(told.status, 404, name)
  }
})

test('what cannot be booked is told, and its key stays unused', async () => {
  const account = 'c42:ZAR'
  const cases: [string, string, object, number, string | undefined, RegExp][] = [
    [OPERATOR, '/deposits', { account, amount: 250 }, 400, 'amount', /a number cannot hold money; give text/],
    [OPERATOR, '/deposits', { account, amount: '250.00' }, 400, 'amount', /with its asset/],
    [OPERATOR, '/deposits', { account, amount: '-1.00 ZAR' }, 400, 'amount', /more than zero/],
    [OPERATOR, '/deposits', { account, amount: '0.00 ZAR' }, 400, 'amount', /more than zero/],
    [OPERATOR, '/deposits', { account, amount: '1e3 ZAR' }, 400, 'amount', /no decimal number/],
    [OPERATOR, '/deposits', { account, amount: '1.001 ZAR' }, 400, 'amount', /3 fraction digits/],
    [OPERATOR, '/deposits', { account, amount: '1.00 USD' }, 400, 'amount', /ZAR/],
    [OPERATOR, '/deposits', { account, amount: null }, 400, 'amount', /text/],
    [OPERATOR, '/deposits', { account }, 400, 'amount', /missing/],
    [OPERATOR, '/deposits', { account, amuont: '1.00 ZAR' }, 400, 'amuont', /not known/],
    [OPERATOR, '/deposits', { account: 'bank:ZAR', amount: '1.00 ZAR' }, 400, 'account', /customer/],
    [OPERATOR, '/deposits', { account: 'c99:ZAR', amount: '1.00 ZAR' }, 404, undefined, /c99:ZAR/],
    [OPERATOR, '/deposits', [], 400, undefined, /object/],
    [C42, '/transfers', { from: account, to: account, amount: '1.00 ZAR' }, 400, 'to', /comes from/],
    [C42, '/transfers', { from: account, to: 'c99:ZAR', amount: '1.00 ZAR' }, 404, undefined, /c99/],
    [C42, '/transfers', { from: account, to: 'bank:ZAR', amount: '1.00 ZAR' }, 400, 'to', /customer/],
    [C42, '/holds', { account, amount: '1.00 ZAR', timeout: '60' }, 400, 'timeout', /whole number/],
    [C42, '/deposits', { account, amount: '1.00 ZAR' }, 403, undefined, /operators/],
    [OPERATOR, '/withdrawals', { account, amount: '1.00 ZAR' }, 403, undefined, /customers/],
    [C77, '/withdrawals', { account, amount: '1.00 ZAR' }, 403, undefined, /not yours/],
    [C77, '/transfers', { from: account, to: 'c77:ZAR', amount: '1.00 ZAR' }, 403, undefined, /not yours/],
    [C77, '/holds', { account, amount: '1.00 ZAR' }, 403, undefined, /not yours/],
  ]
  for (const [token, path, body, status, field, detail] of cases) {
    const told = await service.ask('POST', path, { token, key: 'mended', body })
    assert.deepEqual([told.status, told.body.field], [status, field], `${path} ${JSON.stringify(body)}: ${JSON.stringify(told.body)}`)
    assert.match(told.body.detail, detail)
  }
  const mended = await service.ask('POST', '/deposits', { token: OPERATOR, key: 'mended', body: { account, amount: '1.00 ZAR' } })
  assert.equal(mended.status, 201)
})

test('every posting asks for a key', async () => {
  for (const path of ['/deposits', '/withdrawals', '/transfers', '/holds', '/holds/x/capture', '/holds/x/release']) {
    const token = ['/deposits', '/holds/x/capture'].includes(path) ? OPERATOR : C42
    for (const headers of [{}, { 'idempotency-key': 'two words' }, { 'idempotency-key': 'k'.repeat(201) }]) {
      const told = await service.ask('POST', path, { token, headers: headers as Record<string, string>, body: {} })
      assert.deepEqual([told.status, told.body.field], [400, 'Idempotency-Key'], path)
    }
  }
})
