import Synchronization

/// Data-parallel work on a number of tasks; the answers do not depend on the number.
enum Workers {
    /// Whose turn it is.
    private final class Turn: Sendable {
        private let next = Atomic<Int>(0)

        func take() -> Int { next.wrappingAdd(1, ordering: .relaxed).oldValue }
    }

    /// `body` of every item, at most `workers` at a time; they begin in the items' order, and so are the answers.
    static func map<Item: Sendable, Answer: Sendable>(
        _ items: [Item], workers: Int, _ body: @escaping @Sendable (Item) async -> Answer
    ) async -> [Answer] {
        if items.count <= 1 || workers <= 1 {
            var answers: [Answer] = []
            for item in items { answers.append(await body(item)) }
            return answers
        }
        return await withTaskGroup(of: [(Int, Answer)].self) { group in
            let turn = Turn()
            for _ in 0..<min(workers, items.count) {
                group.addTask {
                    var done: [(Int, Answer)] = []
                    var index = turn.take()
                    while index < items.count {
                        done.append((index, await body(items[index])))
                        index = turn.take()
                    }
                    return done
                }
            }
            var answers = [Answer?](repeating: nil, count: items.count)
            for await done in group {
                for (index, answer) in done { answers[index] = answer }
            }
            return answers.compactMap { $0 }
        }
    }
}
