# Cronbach's alpha by psych: what Moments.alpha must give.
#
#     Rscript tests/oracles/alpha.R [FOLDER]
#
# writes alpha-rows.csv (the rows of R's own data set `attitude`: 30 departments, seven ratings) and alpha.csv (one row a
# set of items) into FOLDER, by default the folder of this script. The blocks of the European customer satisfaction index
# come from their computed moments, in datasets/tables.
suppressPackageStartupMessages(library(psych))

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])))
given <- commandArgs(TRUE)
folder <- if (length(given)) given[1] else here

table <- read.csv(file.path(here, "..", "..", "datasets", "tables", "ecsi-mobile-correlations.csv"), row.names = 1)
R <- as.matrix(table[, rownames(table)])
S <- R * outer(table$sd, table$sd)

one <- function(data, source, items) {
  found <- suppressWarnings(alpha(data, check.keys = FALSE, warnings = FALSE))$total
  data.frame(source = source, items = paste(items, collapse = " "), raw = found$raw_alpha, standardized = found$std.alpha)
}
block <- function(prefix) grep(paste0("^", prefix, "[0-9]"), rownames(S), value = TRUE)
blocks <- lapply(c("IMAG", "CUEX", "PERQ", "PERV", "CUSA", "CUSL"), block)
made <- rbind(
  one(attitude, "attitude", names(attitude)),
  one(attitude[c("complaints", "privileges", "learning")], "attitude", c("complaints", "privileges", "learning")),
  do.call(rbind, lapply(blocks, function(items) one(S[items, items], "ecsi-mobile-correlations", items)))
)

write <- function(table, name) {
  path <- file.path(folder, name)
  writeLines(sprintf("# made by alpha.R with psych %s on R %s", packageVersion("psych"), getRversion()), path)
  table[] <- lapply(table, function(x) if (is.double(x)) sprintf("%.15g", x) else x)
  suppressWarnings(write.table(table, path, append = TRUE, sep = ",", quote = FALSE, row.names = FALSE))
}
write(attitude, "alpha-rows.csv")
write(made, "alpha.csv")
