// Books typed arrays; prints millions a second. For `cargo xtask bench languages`.
import { Thalium, commands } from '../../bindings-node/index.mjs'

const [place, count] = process.argv.slice(2)
const rows = Number(count)
const ACCOUNTS = 10_000
const t = await Thalium.open(place)
await t.assets.create({ code: 'USDX', scale: 2, ledger: 1_000 })
for (let first = 1; first <= ACCOUNTS; first += 1_000) {
  await t.submit(Array.from({ length: 1_000 }, (_, n) => commands.account({ id: String(first + n), asset: 'USDX' })))
}
const column = (of) => BigUint64Array.from({ length: rows }, (_, row) => BigInt(of(row)))
const table = {
  id: column((row) => 1_000_000 + row),
  from: column((row) => (row * 7_919) % ACCOUNTS + 1),
  to: column((row) => (row * 7_919 + 1) % ACCOUNTS + 1),
  units: column((row) => (row % 1_000) + 1),
}
const begun = performance.now()
const done = await t.postColumns(table, { asset: 'USDX' })
const took = performance.now() - begun
if (done.booked !== rows) throw new Error(JSON.stringify(done))
await t.close()
console.log(rows / took / 1e3)
