namespace Gateway.Tests.Page;

/// <summary>A test that needs Chromium (Debian's package of that name); where it is not on the PATH the test is skipped and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Browser.Executable is null ? "chromium is not on the PATH" : null;
}
