/// Data-parallel work on a number of tasks; the answers do not depend on the number.
enum Workers {
    /// `body` of every item, at most `workers` at a time, in the items' order. The first error cancels the rest.
    static func map<Item: Sendable, Answer: Sendable>(
        _ items: [Item], workers: Int, _ body: @escaping @Sendable (Item) async throws -> Answer
    ) async throws -> [Answer] {
        if items.count <= 1 || workers <= 1 {
            var answers: [Answer] = []
            for item in items { answers.append(try await body(item)) }
            return answers
        }
        return try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
            var answers = [Answer?](repeating: nil, count: items.count)
            var next = 0
            func start() {
                guard next < items.count else { return }
                let index = next
                next += 1
                group.addTask { (index, try await body(items[index])) }
            }
            for _ in 0..<workers { start() }
            while let (index, answer) = try await group.next() {
                answers[index] = answer
                start()
            }
            return answers.compactMap { $0 }
        }
    }

    /// `body` of every key group that has work, each by the worker that owns it.
    static func forEachKeyGroup(
        _ numbers: [Int], workers: Int, _ body: @escaping @Sendable (Int) -> Void
    ) async {
        if numbers.count <= 1 || workers <= 1 {
            numbers.forEach(body)
            return
        }
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<workers {
                let owned = numbers.filter { $0 % workers == worker }
                if owned.isEmpty { continue }
                group.addTask { owned.forEach(body) }
            }
        }
    }
}
