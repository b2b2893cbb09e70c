# Bootstrap intervals of an indirect effect by R's boot: what pt.paths(…, intervals="bootstrap") must come close to.
#
#     Rscript tests/oracles/paths_boot.R [FOLDER]
#
# reads the rows of paths.R beside it and writes paths_boot.csv into FOLDER, by default the folder of this script: percentile
# and BCa limits of x on y through m1, unstandardised and in standard deviations, from 20,000 resamples of rows.
suppressPackageStartupMessages(library(boot))

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])))
given <- commandArgs(TRUE)
folder <- if (length(given)) given[1] else here

rows <- read.csv(file.path(here, "paths-rows.csv"), comment.char = "#")
indirect <- function(data, at) {
  part <- data[at, ]
  one <- rep(1, nrow(part))
  a <- .lm.fit(cbind(one, part$x), part$m1)$coefficients[2]
  b <- .lm.fit(cbind(one, part$m1, part$x), part$y)$coefficients[2]
  c(a * b, a * b * sd(part$x) / sd(part$y))
}
set.seed(20240608, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
resampled <- boot(rows, indirect, R = 20000)
limits <- function(at, type) boot.ci(resampled, type = type, index = at)[[c(perc = "percent", bca = "bca")[type]]][1, 4:5]
made <- do.call(rbind, lapply(1:2, function(at) {
  do.call(rbind, lapply(c("perc", "bca"), function(type) {
    data.frame(standardized = at == 2, type, estimate = resampled$t0[at], se = sd(resampled$t[, at]),
               low = limits(at, type)[1], high = limits(at, type)[2])
  }))
}))

path <- file.path(folder, "paths_boot.csv")
writeLines(sprintf("# made by paths_boot.R with boot %s on R %s", packageVersion("boot"), getRversion()), path)
made[] <- lapply(made, function(x) if (is.double(x)) sprintf("%.15g", x) else x)
suppressWarnings(write.table(made, path, append = TRUE, sep = ",", quote = FALSE, row.names = FALSE))
