/// The 48 keys of btop's theme format.
public enum ThemeKey: String, Sendable, CaseIterable {
    case mainBackground = "main_bg"
    case mainForeground = "main_fg"
    case title
    case highlight = "hi_fg"
    case selectedBackground = "selected_bg"
    case selectedForeground = "selected_fg"
    case inactive = "inactive_fg"
    case graphText = "graph_text"
    case meterBackground = "meter_bg"
    case processMisc = "proc_misc"
    case cpuBox = "cpu_box"
    case memoryBox = "mem_box"
    case networkBox = "net_box"
    case processBox = "proc_box"
    case dividerLine = "div_line"
    case temperatureStart = "temp_start"
    case temperatureMiddle = "temp_mid"
    case temperatureEnd = "temp_end"
    case cpuStart = "cpu_start"
    case cpuMiddle = "cpu_mid"
    case cpuEnd = "cpu_end"
    case freeStart = "free_start"
    case freeMiddle = "free_mid"
    case freeEnd = "free_end"
    case cachedStart = "cached_start"
    case cachedMiddle = "cached_mid"
    case cachedEnd = "cached_end"
    case availableStart = "available_start"
    case availableMiddle = "available_mid"
    case availableEnd = "available_end"
    case usedStart = "used_start"
    case usedMiddle = "used_mid"
    case usedEnd = "used_end"
    case downloadStart = "download_start"
    case downloadMiddle = "download_mid"
    case downloadEnd = "download_end"
    case uploadStart = "upload_start"
    case uploadMiddle = "upload_mid"
    case uploadEnd = "upload_end"
    case processStart = "process_start"
    case processMiddle = "process_mid"
    case processEnd = "process_end"
    case pauseBackground = "proc_pause_bg"
    case followBackground = "proc_follow_bg"
    case bannerBackground = "proc_banner_bg"
    case bannerForeground = "proc_banner_fg"
    case followedBackground = "followed_bg"
    case followedForeground = "followed_fg"
}

/// The gradients of a theme, each of three keys.
public enum ThemeGradient: String, Sendable, CaseIterable {
    case temperature = "temp"
    case cpu, free, cached, available, used, download, upload, process

    var start: ThemeKey? { ThemeKey(rawValue: rawValue + "_start") }
    var middle: ThemeKey? { ThemeKey(rawValue: rawValue + "_mid") }
    var end: ThemeKey? { ThemeKey(rawValue: rawValue + "_end") }
}
