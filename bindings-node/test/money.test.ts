// Money: what it takes, what it refuses, and that arithmetic is exact.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Amount, Money, Timestamp, currency } from 'thalium'

const zar = currency('ZAR')

test('amounts are read as they are written', () => {
  for (const [amount, text] of [['250', '250 ZAR'], ['250.00', '250.00 ZAR'], ['-0.50', '-0.50 ZAR'], ['00.10', '0.10 ZAR'],
    ['340282366920938463463374607431768211455', '340282366920938463463374607431768211455 ZAR']] as const) {
    assert.equal(zar(amount).toString(), text)
    assert.ok(Money.parse(text).equals(zar(amount)))
  }
  assert.equal(JSON.stringify({ a: zar('1.50') }), '{"a":"1.50 ZAR"}')
  assert.equal(`${zar('1')}`, '1 ZAR')
})

test('what cannot hold money is an error', () => {
  for (const wrong of [1.5, 1, 1n, true, null, undefined, {}, [], Number.NaN]) {
    assert.throws(() => zar(wrong as unknown as string), TypeError)
    assert.throws(() => Money.parse(wrong as unknown as string), TypeError)
  }
  for (const wrong of ['', ' 1', '1 ', '1,5', '1.', '.5', '+1', '1e3', '--1', '\u0661', 'NaN', '1_000', '9'.repeat(81)]) {
    assert.throws(() => zar(wrong), RangeError, wrong)
  }
  for (const wrong of ['', 'zar', 'A B', '-A', 'A'.repeat(17)]) assert.throws(() => currency(wrong), RangeError)
  for (const wrong of ['1', '1  ZAR', '1 ZAR ', ' ZAR']) assert.throws(() => Money.parse(wrong), RangeError)
  assert.throws(() => Money.units(1 as unknown as bigint, 2, 'ZAR'), TypeError)
  assert.throws(() => Money.units(1n, 2.5, 'ZAR'), RangeError)
  assert.throws(() => +(zar('1') as unknown as number), TypeError)
  assert.throws(() => (zar('1') as unknown as number) < (zar('2') as unknown as number), TypeError)
})

test('a number or a bare bigint is refused when it is compiled', () => {
  const take = (_: Amount): void => {}
  // @ts-expect-error A number cannot hold money.
  take(1.5)
  // @ts-expect-error A bare bigint does not say of what.
  take(1n)
  // @ts-expect-error Nor does a boolean.
  take(true)
  take('1.50 ZAR')
  take(zar('1.50'))
})

test('it does not change and does not mix', () => {
  const one = zar('1.00')
  assert.throws(() => { (one as { asset: string }).asset = 'USD' }, TypeError)
  for (const mix of [() => one.add(Money.of('1', 'USD')), () => one.sub(Money.of('1', 'USD')), () => one.compare(Money.of('1', 'USD'))]) {
    assert.throws(mix, RangeError)
  }
  assert.throws(() => one.times(2 as unknown as bigint), TypeError)
  assert.throws(() => one.add('1' as unknown as Money), TypeError)
  assert.ok(one.equals(zar('1')) && !one.equals(Money.of('1.00', 'USD')) && zar('0.00').isZero())
  assert.equal(zar('250.1').units(2), 25_010n)
  assert.throws(() => zar('0.005').units(2), RangeError)
})

test('arithmetic is that of whole numbers', () => {
  const units = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n })
  fc.assert(fc.property(units, units, fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 }), (a, b, s, r) => {
    const [x, y] = [Money.units(a, s, 'ZAR'), Money.units(b, r, 'ZAR')]
    const [p, q] = [a * 10n ** BigInt(20 - s), b * 10n ** BigInt(20 - r)]
    assert.equal(x.add(y).units(20), p + q)
    assert.equal(x.sub(y).units(20), p - q)
    assert.equal(x.times(b).units(20), p * b)
    assert.equal(x.negated().units(20), -p)
    assert.equal(Math.sign(x.compare(y)), p < q ? -1 : p > q ? 1 : 0)
    assert.equal(x.equals(y), p === q)
    assert.ok(Money.parse(x.toString()).equals(x))
  }))
})

test('instants lose nothing', () => {
  fc.assert(fc.property(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 63n - 1n }), (nanos) => {
    assert.equal(Timestamp.parse(new Timestamp(nanos).toString()).nanoseconds, nanos)
  }))
  assert.equal(new Timestamp(1_900_000_000_123_456_789n).toString(), '2030-03-17T17:46:40.123456789Z')
  assert.equal(new Timestamp(-1n).toDate().getTime(), -1)
  assert.equal(Timestamp.from(new Date(5)).nanoseconds, 5_000_000n)
  for (const wrong of ['', '2030-03-17', '2030-13-17T17:46:40Z', '2030-03-17T17:46:40+02:00']) assert.throws(() => Timestamp.parse(wrong), RangeError)
  assert.throws(() => new Timestamp(5 as unknown as bigint), TypeError)
})
