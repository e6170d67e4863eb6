// A first program: a ledger in memory, a deposit, and what a rejection looks like. `cargo xtask node` runs it.
import { Money, Thalium, currency } from 'thalium'

const zar = currency('ZAR')

async function main(): Promise<void> {
  const t = await Thalium.open('memory:')
  await t.accounts.create({ key: 'bank:ZAR', asset: 'ZAR', kind: 'asset' })
  await t.accounts.create({ key: 'c42:ZAR', asset: 'ZAR', kind: 'liability' })
  const deposit = await t.post({ key: 'dep-9', from: 'bank:ZAR', to: 'c42:ZAR', amount: zar('1.00') })
  const amount: Money | undefined = deposit.amount
  if (amount?.toString() !== '1.00 ZAR') throw new Error(`the deposit is of ${String(amount)}`)
  const refused = await t.post({ key: 'wd-1', from: 'c42:ZAR', to: 'bank:ZAR', amount: zar('1.01') })
  if (refused.ok || refused.status !== 'exceeds_credits') throw new Error('more was paid out than there is')
  // @ts-expect-error A number cannot hold money.
  await t.post({ key: 'x', from: 'bank:ZAR', to: 'c42:ZAR', amount: 1 }).catch(() => undefined)
  await t.close()
}

void main()
