@IP-42
Feature: Valid phone numbers of all regions are not refused

  Scenario: Example numbers of the regions
    When guests with phone numbers of all regions book stays
    Then each of these numbers reached Inlet
