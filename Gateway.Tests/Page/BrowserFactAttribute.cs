namespace Gateway.Tests.Page;

/// <summary>A test that needs Chromium (Debian's package of that name); skipped, with the reason, if it is not on the PATH.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Browser.Executable is null ? "chromium is not on the PATH" : null;
}
