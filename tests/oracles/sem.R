# Structural equation models by lavaan: what pt.sem must give.
#
#     Rscript tests/oracles/sem.R [FOLDER]
#
# writes sem-covariances.csv (what the models are fitted to), sem-parameters.csv (one row a parameter) and sem-fits.csv
# (measures of fit) into FOLDER, by default the folder of this script. Data are lavaan's own (Holzinger and Swineford 1939;
# Bollen 1989), of which only covariances are kept, the ECSI correlations of datasets/tables, and a made-up table. Estimates,
# errors, fit and standardised values are lavaan's at its own stopping rule; nothing is computed here but the covariances.
suppressPackageStartupMessages(library(lavaan))

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])))
given <- commandArgs(TRUE)
folder <- if (length(given)) given[1] else here

ecsi_table <- read.csv(file.path(here, "..", "..", "datasets", "tables", "ecsi-mobile-correlations.csv"))
ecsi <- diag(ecsi_table$sd) %*% as.matrix(ecsi_table[ecsi_table$item]) %*% diag(ecsi_table$sd)
dimnames(ecsi) <- list(ecsi_table$item, ecsi_table$item)
# two constructs of three indicators, the second of which is an improper one: r12 r13 / r23 is above 1
improper <- diag(6)
improper[lower.tri(improper)] <- c(.50, .45, .20, .16, .18, .48, .22, .18, .15, .24, .16, .20, .75, .80, .50)
improper <- improper + t(improper) - diag(6)
dimnames(improper) <- list(paste0("z", 1:6), paste0("z", 1:6))
data <- list(holzinger = list(S = cov(HolzingerSwineford1939[paste0("x", 1:9)]), n = nrow(HolzingerSwineford1939)),
             democracy = list(S = cov(PoliticalDemocracy), n = nrow(PoliticalDemocracy)),
             ecsi = list(S = ecsi, n = ecsi_table$n[1]), improper = list(S = improper, n = 120))

factors <- "visual =~ x1 + x2 + x3; textual =~ x4 + x5 + x6; speed =~ x7 + x8 + x9"
bollen <- "ind60 =~ x1 + x2 + x3; dem60 =~ y1 + y2 + y3 + y4; dem65 =~ y5 + y6 + y7 + y8; dem60 ~ a * ind60
  dem65 ~ c * ind60 + b * dem60"
chain <- "Image =~ IMAG1 + IMAG2 + IMAG3 + IMAG4 + IMAG5; Expectation =~ CUEX1 + CUEX2 + CUEX3
  Quality =~ PERQ1 + PERQ2 + PERQ3 + PERQ4 + PERQ5 + PERQ6 + PERQ7; Value =~ PERV1 + PERV2
  Satisfaction =~ CUSA1 + CUSA2 + CUSA3; Complaints =~ CUSCO; Loyalty =~ CUSL1 + CUSL2 + CUSL3
  Expectation ~ Image; Quality ~ Expectation; Value ~ Expectation + Quality
  Satisfaction ~ Image + Expectation + Quality + Value; Complaints ~ Satisfaction
  Loyalty ~ Image + Satisfaction + Complaints"
cases <- list(
  factors = list("holzinger", factors),
  shared = list("holzinger", "visual =~ x1 + x2 + x3 + x9; textual =~ x4 + x5 + x6; speed =~ x7 + x8 + x9; x7 ~~ x8"),
  ends = list("holzinger", paste(factors, "textual ~ visual; speed ~ visual", sep = "; ")),
  # lavaan keeps an observed cause apart from constructs unless it is told not to; pt.sem does not
  observed = list("holzinger", "visual =~ x1 + x2 + x3; x9 ~ visual + x5; x8 ~ visual + x5 + x9", "visual ~~ x5"),
  saturated = list("holzinger", "visual =~ x1 + x2 + x3"),
  democracy = list("democracy", bollen, "indirect := a * b; total := a * b + c"),
  errors = list("democracy", paste(bollen, "y1 ~~ y5; y2 ~~ y4 + y6; y3 ~~ y7; y4 ~~ y8; y6 ~~ y8", sep = "; ")),
  ecsi = list("ecsi", chain),
  improper = list("improper", "A =~ z1 + z2 + z3; B =~ z4 + z5 + z6; B ~ A")
)
measures <- c(chi2 = "chisq", df = "df", p_value = "pvalue", cfi = "cfi", tli = "tli", rmsea = "rmsea",
              rmsea_low = "rmsea.ci.lower", rmsea_high = "rmsea.ci.upper", srmr = "srmr", aic = "aic", bic = "bic",
              loglik = "logl", unknowns = "npar", chi2_baseline = "baseline.chisq", df_baseline = "baseline.df")

parameters <- fits <- NULL
for (name in names(cases)) {
  used <- data[[cases[[name]][[1]]]]
  text <- paste(gsub("\n", ";", cases[[name]][-1]), collapse = ";")
  # improper solutions warn
  fit <- suppressWarnings(sem(text, sample.cov = used$S, sample.nobs = used$n, fixed.x = FALSE))
  own <- parameterEstimates(fit, remove.nonfree = FALSE)
  standard <- standardizedSolution(fit)
  stopifnot(lavInspect(fit, "converged"), identical(own$lhs, standard$lhs),
            identical(own$op, standard$op), identical(own$rhs, standard$rhs))
  parameters <- rbind(parameters, data.frame(
    case = name, left = own$lhs, op = own$op, right = own$rhs, estimate = own$est, se = own$se, ci_low = own$ci.lower,
    ci_high = own$ci.upper, standardized = standard$est.std, standardized_se = standard$se))
  fits <- rbind(fits, data.frame(case = name, measure = names(measures), value = as.numeric(fitMeasures(fit, measures))))
}
covariances <- do.call(rbind, lapply(names(data)[names(data) != "ecsi"], function(name) {
  S <- data[[name]]$S
  data.frame(data = name, n = data[[name]]$n, first = rep(rownames(S), ncol(S)), second = rep(colnames(S), each = nrow(S)),
             covariance = c(S))
}))

write <- function(table, name) {
  path <- file.path(folder, name)
  writeLines(sprintf("# made by sem.R with lavaan %s on R %s", packageVersion("lavaan"), getRversion()), path)
  table[] <- lapply(table, function(x) if (is.double(x)) sprintf("%.15g", x) else x)
  table[table == "NA" | table == "NaN"] <- ""
  suppressWarnings(write.table(table, path, append = TRUE, sep = ",", quote = FALSE, row.names = FALSE, na = ""))
}
write(covariances, "sem-covariances.csv")
write(parameters, "sem-parameters.csv")
write(fits, "sem-fits.csv")
