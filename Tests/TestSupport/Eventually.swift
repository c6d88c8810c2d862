/// Looks again and again, giving way to the others between two looks. A test's time limit ends what never comes.
public func eventually(
    isolation: isolated (any Actor)? = #isolation, _ condition: () async -> Bool
) async {
    while await !condition() { await Task.yield() }
}
