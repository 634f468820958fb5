#:package ScottPlot@5.1.59
#:property ManagePackageVersionsCentrally=false
#:property RestorePackagesWithLockFile=false
#:property UsesNewestReactive=false

var plot = new ScottPlot.Plot();
plot.Add.Scatter(new double[]{1,2,3}, new double[]{1,4,9});
plot.SaveSvg("/tmp/a.svg", 640, 360);
