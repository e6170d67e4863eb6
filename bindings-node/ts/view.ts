import { type Asker, SeenAccounts, SeenAssets, SeenBooks, SeenTransfers } from './books.js'
import { SeenParties } from './people.js'
import { json } from './read.js'

/** The books as a broker sees them. What is another's is not there; see `Thalium.seenBy`. */
export class BrokerView extends SeenBooks {
  /** Finds accounts. */
  readonly accounts: SeenAccounts
  /** Lists assets. */
  readonly assets: SeenAssets
  /** Finds parties, and opens what is sealed of them. */
  readonly parties: SeenParties
  /** Finds transfers. */
  readonly transfers: SeenTransfers
  readonly #of: Asker
  readonly #viewer: string

  /** @internal */
  constructor(of: Asker, broker: string) {
    super()
    this.#of = of
    this.#viewer = json(broker)
    this.accounts = new SeenAccounts(this)
    this.assets = new SeenAssets(this)
    this.parties = new SeenParties(this)
    this.transfers = new SeenTransfers(this)
  }

  /** @internal */
  async ask(request: string, signal?: AbortSignal): Promise<unknown> {
    // Every request is an object that names its operation, so there is a field before this one.
    return this.#of.ask(`${request.slice(0, -1)},"viewer":${this.#viewer}}`, signal)
  }
}
