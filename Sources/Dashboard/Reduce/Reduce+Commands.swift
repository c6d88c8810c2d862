import Control
import Time

/// The keys that tell the host something. What they act on is the selection; what cannot be done is said at once.
extension DashboardState {

    /// Tells the host; `doing` says so until it has answered.
    mutating func send(_ command: Command, _ doing: String) -> [DashboardEffect] {
        say(.pending, doing + " …")
        return [.send(command)]
    }

    private mutating func refuse(_ text: String) -> [DashboardEffect] {
        say(.refused, text)
        return []
    }

    mutating func toggleJob() -> [DashboardEffect] {
        guard let job = selectedJob else { return refuse("the workspace has no trigger") }
        return job.state == .enabled
            ? send(.pauseJob(name: job.name), "pausing \(job.name)")
            : send(.resumeJob(name: job.name), "resuming \(job.name)")
    }

    mutating func runJob() -> [DashboardEffect] {
        guard let job = selectedJob else { return refuse("the workspace has no job to run") }
        return send(.runJob(name: job.name), "running \(job.name)")
    }

    mutating func toggleSelected() -> [DashboardEffect] {
        switch focus {
        case .scheduler: return toggleJob()
        case .queues:
            guard let queue = selectedQueue else { return refuse("no queue is selected") }
            return queue.isPaused
                ? send(.resumeQueue(name: queue.name), "resuming queue \(queue.name)")
                : send(.pauseQueue(name: queue.name), "pausing queue \(queue.name)")
        case .pipelines:
            guard let pipeline = selectedPipeline else { return refuse("no pipeline is selected") }
            return pipeline.state == "PAUSED"
                ? send(.resumePipeline(name: pipeline.name), "resuming pipeline \(pipeline.name)")
                : send(.pausePipeline(name: pipeline.name), "pausing pipeline \(pipeline.name)")
        case .services, .topics, .warehouse, .log:
            let key = keymap.label(.toggleTrigger).map { "; \($0) pauses the trigger" } ?? ""
            return refuse("nothing in \(focus.title) can be paused: select a job, a queue or a pipeline" + key)
        }
    }

    // MARK: Scaling

    /// Workers of the selected pipeline, or instances of the selected service while the services have the focus.
    mutating func scale(by step: Int) -> [DashboardEffect] {
        if focus == .services {
            guard let service = selectedService else { return refuse("no service is selected") }
            let row = RowID.service(service.name)
            let count = (requested[row]?.count ?? service.instances) + step
            guard count >= 0 else { return refuse("\(service.name) has no instance to take away") }
            guard count <= service.maxInstances else {
                return refuse("\(service.name) has its most instances, \(service.maxInstances)")
            }
            requested[row] = Requested(count: count, until: now + .seconds(3))
            return send(
                .setInstances(service: service.name, count: count),
                "setting \(service.name) to \(Figures.counted(count, "instance"))")
        }
        guard let pipeline = selectedPipeline else { return refuse("the workspace has no pipeline to scale") }
        let row = RowID.pipeline(pipeline.name)
        let count = (requested[row]?.count ?? pipeline.workers) + step
        guard count >= 1 else { return refuse("\(pipeline.name) keeps at least 1 worker") }
        guard count <= pipeline.maxWorkers else {
            return refuse("\(pipeline.name) has its most workers, \(pipeline.maxWorkers)")
        }
        requested[row] = Requested(count: count, until: now + .seconds(3))
        return send(
            .setWorkers(pipeline: pipeline.name, count: count),
            "setting \(pipeline.name) to \(Figures.counted(count, "worker"))")
    }

    mutating func giveBack() -> [DashboardEffect] {
        guard focus == .services, let service = selectedService else {
            return refuse("select a service in panel \(Panel.services.rawValue) first")
        }
        guard service.isManual else { return refuse("\(service.name) is scaled by the autoscaler already") }
        requested[.service(service.name)] = nil
        return send(
            .setInstances(service: service.name, count: nil), "giving \(service.name) back to the autoscaler")
    }

    // MARK: What cannot be taken back

    mutating func purge() -> [DashboardEffect] {
        if focus == .queues, let queue = selectedQueue {
            ask(
                "Purge queue \(queue.name)?",
                "Deletes \(Figures.counted(queue.depth, "task")) for good, also those in flight.",
                .purgeQueue(name: queue.name))
            return []
        }
        if focus == .topics, let subscription = selectedSubscription {
            ask(
                "Purge subscription \(subscription.name.resourceLabel)?",
                "Acknowledges \(Figures.counted(subscription.backlogMessages, "waiting message")) unread; seek brings them back "
                    + "while they are retained.",
                .purgeSubscription(name: subscription.name))
            return []
        }
        return refuse(
            "select a queue (panel \(Panel.queues.rawValue)) or a subscription (panel \(Panel.topics.rawValue)) to purge"
        )
    }

    mutating func detach() -> [DashboardEffect] {
        guard focus == .topics, let subscription = selectedSubscription else {
            return refuse("select a subscription in panel \(Panel.topics.rawValue) to detach")
        }
        let name = subscription.name.resourceLabel
        guard subscription.terms?.isDetached != true else { return refuse("\(name) is detached already") }
        let waiting = subscription.backlogMessages
        let lost =
            waiting == 0 ? "" : ", and what waits (\(Figures.counted(waiting, "message"))) is dropped for good"
        ask(
            "Detach subscription \(name)?",
            "It gets no more messages of \(subscription.topic.resourceLabel)\(lost). It cannot be attached again.",
            .detachSubscription(name: subscription.name))
        return []
    }

    mutating func seek() -> [DashboardEffect] {
        guard focus == .topics, let subscription = selectedSubscription else {
            return refuse("select a subscription in panel \(Panel.topics.rawValue) to seek")
        }
        guard subscription.terms?.isDetached != true else {
            return refuse("\(subscription.name.resourceLabel) is detached: it has no messages to go back to")
        }
        mode = .seek(SeekPrompt(subscription: subscription.name, text: "10m", complaint: nil))
        return []
    }

    /// Tells the host how far to go back; `text` as it was typed.
    mutating func seek(_ name: String, _ target: SeekTarget, as text: String) -> [DashboardEffect] {
        switch target {
        case .back(let duration):
            send(
                .seekSubscription(name: name, secondsBack: duration.inSeconds),
                "seeking \(name.resourceLabel) back by \(text)")
        case .since(let time):
            send(.seekSubscriptionToTime(name: name, time: time), "seeking \(name.resourceLabel) back to \(text)")
        }
    }

    private mutating func ask(_ text: String, _ consequence: String, _ command: Command) {
        mode = .question(Question(text: text, consequence: consequence, purpose: .send(command)))
    }
}

extension Command {
    /// The row whose number the command sets.
    var scaledRow: RowID? {
        switch self {
        case .setWorkers(let pipeline, _): .pipeline(pipeline)
        case .setInstances(let service, _): .service(service)
        default: nil
        }
    }
}
