/// The books as a broker sees them. What is another's is not there; see ``Thalium/seenBy(_:)``.
public struct BrokerView: SeenBooks {
    /// What carries questions as the broker.
    public let questions: Questions
}
