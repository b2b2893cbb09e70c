# Questions of a sheet in two made-up classes, by psych: what grading's item analysis must give.
#
#     Rscript tests/oracles/item_analysis.R [FOLDER]
#
# writes into FOLDER, by default the folder of this script:
#   item_analysis-points.csv  one row a student: class and points by question (each out of its column in `possible` below); in
#                             the class of 12 everybody has the full points for q5
#   item_analysis-items.csv   one row a class and question: mean share of the points and its standard error (describe), r.drop of
#                             alpha with Fisher's interval (r.con); empty for what does not vary
#   item_analysis-scales.csv  one row a class: raw alpha (psych leaves out what does not vary), Feldt's interval, the standard
#                             deviation of the sums times the root of 1 - alpha
suppressPackageStartupMessages(library(psych))

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])))
given <- commandArgs(TRUE)
folder <- if (length(given)) given[1] else here

possible <- c(q1 = 1, q2 = 2, q3 = 5, q4 = 3, q5 = 2, q6 = 4)
set.seed(19, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
class_of <- function(name, n) {
  ability <- rnorm(n)
  share <- sapply(seq_along(possible), function(k) {
    score <- c(1.4, 1.6, 2, 1.2, .4, -.3)[k] * ability + rnorm(n) + c(2, .5, 0, -.5, 1, .2)[k]
    ifelse(score > .6, 1, ifelse(score > 0, .5, 0))
  })
  points <- as.data.frame(sweep(share, 2, possible, "*"))
  names(points) <- names(possible)
  data.frame(class = name, points)
}
rows <- rbind(class_of("forty", 40), class_of("twelve", 12))
rows$q5[rows$class == "twelve"] <- possible["q5"]

analysed <- function(name) {
  points <- rows[rows$class == name, names(possible)]
  found <- suppressMessages(suppressWarnings(alpha(points, check.keys = FALSE, warnings = FALSE)))
  shares <- describe(sweep(points, 2, possible, "/"))
  drop <- found$item.stats[names(possible), "r.drop"]
  ends <- t(sapply(drop, function(r) if (is.na(r)) c(NA, NA) else r.con(r, nrow(points))))
  kept <- points[, names(points)[sapply(points, sd) > 0]]
  raw <- found$total$raw_alpha
  feldt <- alpha.ci(raw, nrow(points), ncol(kept))
  list(items = data.frame(class = name, question = names(possible), possible, difficulty = shares$mean, se = shares$se,
                          r_drop = drop, low = ends[, 1], high = ends[, 2]),
       scale = data.frame(class = name, n = nrow(points), raw, ci_low = feldt$lower.ci, ci_high = feldt$upper.ci,
                          sem = sd(rowSums(points)) * sqrt(1 - raw)))
}
both <- lapply(c("forty", "twelve"), analysed)

write <- function(table, name) {
  path <- file.path(folder, name)
  writeLines(sprintf("# made by item_analysis.R with psych %s on R %s", packageVersion("psych"), getRversion()), path)
  table[] <- lapply(table, function(x) if (is.double(x)) sprintf("%.15g", x) else x)
  table[table == "NA"] <- ""
  suppressWarnings(write.table(table, path, append = TRUE, sep = ",", quote = FALSE, row.names = FALSE, na = ""))
}
write(rows, "item_analysis-points.csv")
write(do.call(rbind, lapply(both, `[[`, "items")), "item_analysis-items.csv")
write(do.call(rbind, lapply(both, `[[`, "scale")), "item_analysis-scales.csv")
